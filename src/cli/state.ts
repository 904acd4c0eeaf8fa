import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyArguments } from "../core/naming.ts";
import { CommandError } from "./exit.ts";
import type { EnvironmentProject } from "./project.ts";

export const engines = ["pulumi", "compose"] as const;
export type Engine = (typeof engines)[number];

const ownerFile = (project: EnvironmentProject) => join(project.state, "engine");

/** The engine that this environment belongs to; undefined before its first `up` and after `down`. */
export function ownerOf(project: EnvironmentProject): Engine | undefined {
  if (!existsSync(ownerFile(project))) return undefined;
  return engines.find((engine) => engine === readFileSync(ownerFile(project), "utf8").trim());
}

/** One engine per environment; the other is refused with the way across. */
export function requireOwner(project: EnvironmentProject, engine: Engine): void {
  const owner = ownerOf(project);
  if (owner && owner !== engine) {
    const copy = copyArguments(project.env, project.settings.isolation);
    throw new CommandError(
      "GP201",
      `${project.stack} belongs to engine ${owner}, and one environment belongs to one engine.\n  Go on with it: groundplan up ${copy} --engine ${owner}\n  Cross over:    groundplan down ${copy}, then up with --engine ${engine}; data is kept`,
    );
  }
}

/** Makes an environment that of an engine, from its first `up` on. */
export function claim(project: EnvironmentProject, engine: Engine): void {
  requireOwner(project, engine);
  mkdirSync(project.state, { recursive: true, mode: 0o700 });
  writeFileSync(ownerFile(project), `${engine}\n`);
}

export const release = (project: EnvironmentProject) => rmSync(ownerFile(project), { force: true });
