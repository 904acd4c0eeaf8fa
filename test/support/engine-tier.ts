import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { describe, test } from "vitest";
import { resolveEndpoint } from "../../src/platforms/docker/endpoint.ts";
import { ran } from "./stack.ts";
import type { Ran, TempProject } from "./temp-project.ts";

const missingCli = answers("pulumi", "version") ? undefined : "pulumi is not on PATH";
const missing = missingCli ?? whatIsMissing();
const required = (process.env.GROUNDPLAN_TEST_REQUIRE ?? "").split(",").includes("engine");
if (missing) console.warn(`engine tier ${required ? "cannot run" : "skipped"}: ${missing}`);

/** A suite on the real engine, when pulumi and its docker and random plugins are on PATH; else skipped with the reason, or failed where the tier must run. */
export const describeEngine = (title: string, suite: () => void): void => describeUnless(missing, title, suite);

/** A suite that needs the engine alone, and no provider. */
export const describePulumi = (title: string, suite: () => void): void => describeUnless(missingCli, title, suite);

function describeUnless(missing: string | undefined, title: string, suite: () => void): void {
  if (!missing) describe(title, suite);
  else if (!required) describe.skip(`${title} (skipped: ${missing})`, suite);
  else {
    test(title, () => {
      throw new Error(`GROUNDPLAN_TEST_REQUIRE names engine, and ${missing}`);
    });
  }
}

function whatIsMissing(): string | undefined {
  const installed = answers("pulumi", "plugin", "ls", "--json") ?? "[]";
  const names = (JSON.parse(installed) as { name: string }[]).map(({ name }) => name);
  const absent = ["docker", "random"].find((name) => !names.includes(name) && !onPath(`pulumi-resource-${name}`));
  if (absent) return `pulumi has no ${absent} plugin`;
  if (!answers("docker", "version")) return `no Docker daemon answers at ${resolveEndpoint().host}`;
  return answers("docker", "compose", "version") ? undefined : "docker has no Compose plugin, to cross over to";
}

function answers(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8", timeout: 20_000 });
  } catch {
    return undefined;
  }
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Bare pulumi at the root of the project, in a shell that took over what `groundplan env` printed, and nothing else. */
export async function bare(project: TempProject, args: readonly string[]): Promise<Ran> {
  const exports = await ran(project, ["env", "dev"]);
  const { exitCode, all } = await execa("sh", ["-c", `eval "$EXPORTS"; exec pulumi "$@"`, "sh", ...args, "--non-interactive", "--color", "never"], {
    cwd: project.root,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 200_000,
    env: { EXPORTS: exports },
  });
  return { code: exitCode ?? -1, output: all };
}

/** Generated values by name, as `up` tells a person to read them. */
export async function passwords(project: TempProject): Promise<Record<string, string>> {
  const { output } = await bare(project, ["stack", "output", "credentials", "--show-secrets", "--json", "--stack", stackOf(project)]);
  return JSON.parse(output) as Record<string, string>;
}

/** Name of the engine's stack: that of its folder below `.groundplan`. */
export const stackOf = (project: TempProject) => project.state.split("/").at(-1) ?? "";
