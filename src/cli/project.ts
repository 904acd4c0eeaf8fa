import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { settleSettings } from "../config/settings.ts";
import { stackName, stackPrefix } from "../core/naming.ts";
import type { StackSettings } from "../core/settings.ts";
import type { ProgramRuntime } from "../preview/recorder.ts";
import { badConfiguration, couldNotRun } from "./exit.ts";

/** One environment of a project, read and checked. */
export interface EnvironmentProject {
  readonly root: string;
  readonly project: string;
  /** The program: `main` of Pulumi.yaml; `.`, what package.json names, when that is not set. */
  readonly main: string;
  /** The file that it begins with, from the root, for reports. */
  readonly program: string;
  readonly runtime: ProgramRuntime;
  readonly env: string;
  readonly stack: string;
  readonly prefix: string;
  readonly settings: StackSettings;
  /** All configuration of the stack file, as the engine gives it to the program. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether the stack file names environments of Pulumi ESC: their variables reach the program through the engine alone. */
  readonly importsEnvironment: boolean;
  /** `.groundplan/<stack>`: what is kept between runs, ignored by git. */
  readonly state: string;
}

export function openProject(env: string, environment: NodeJS.ProcessEnv = process.env): EnvironmentProject {
  const root = findRoot(process.cwd());
  const pulumi = readYaml(join(root, "Pulumi.yaml"));
  const project = String(pulumi.name ?? "");
  requireEnvironment(env, root);
  const file = stackFile(env);
  const document = readYaml(join(root, file));
  const config = (document.config ?? {}) as Record<string, unknown>;
  const result = settleSettings({ project, env, document: config["groundplan:stack"], file, environment });
  if (!("settings" in result)) throw badConfiguration(result.problems);
  const { settings } = result;
  if (settings.isolation && existsSync(join(root, `Pulumi.${stackName(env, settings.isolation)}.yaml`))) {
    const value = settings.isolation;
    const rule = `a key that does not make the name of another environment, ${stackName(env, value)}`;
    throw badConfiguration([{ component: "stack", path: "isolation", value, rule, fix: "choose another key", code: "GP314" }]);
  }
  const stack = stackName(env, settings.isolation);
  return {
    root,
    project,
    main: String(pulumi.main ?? "."),
    program: String(pulumi.main ?? packageMain(root) ?? "index.js"),
    runtime: runtimeOf(pulumi.runtime),
    env,
    stack,
    prefix: stackPrefix(settings),
    settings,
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key.includes(":") ? key : `${project}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    importsEnvironment: document.environment !== undefined,
    state: join(root, ".groundplan", stack),
  };
}

const stackFile = (env: string) => `Pulumi.${env}.yaml`;

/** Ends the command when the project has no such environment, with those that it has. */
export function requireEnvironment(env: string, root = findRoot(process.cwd())): void {
  const file = stackFile(env);
  if (existsSync(join(root, file))) return;
  const known = readdirSync(root).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  throw badConfiguration([
    {
      component: "stack",
      path: "environment",
      value: env,
      rule: `an environment of this project: ${known.join(", ") || "none yet"}`,
      fix: `write ${file}, or choose one of these`,
      code: "GP323",
    },
  ]);
}

function packageMain(root: string): string | undefined {
  const file = join(root, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { main?: string }).main : undefined;
}

/** As the engine reads them: TypeScript goes through ts-node unless Pulumi.yaml says otherwise. */
function runtimeOf(runtime: unknown): ProgramRuntime {
  const options = (runtime as { options?: Readonly<Record<string, unknown>> } | undefined)?.options ?? {};
  return {
    typescript: options.typescript !== false,
    ...(typeof options.tsconfig === "string" ? { tsconfig: options.tsconfig } : {}),
    ...(typeof options.nodeargs === "string" ? { nodeargs: options.nodeargs.split(/\s+/).filter(Boolean) } : {}),
  };
}

function findRoot(from: string): string {
  if (existsSync(join(from, "Pulumi.yaml"))) return from;
  const parent = dirname(from);
  if (parent === from) throw couldNotRun("GP303", `no Pulumi.yaml in ${process.cwd()} or above it; run this inside a groundplan project`);
  return findRoot(parent);
}

/** A YAML file of the project as a map; anything else in it is reported. */
export function readYaml(file: string): Record<string, unknown> {
  const text = readFileSync(file, "utf8");
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) {
    const [first = ""] = error.message.split("\n");
    const { line = 1, col = 1 } = error.linePos?.[0] ?? {};
    throw badConfiguration([
      {
        component: "stack",
        path: `${basename(file)}:${line}:${col}`,
        value: shownLine(text.split("\n")[line - 1] ?? ""),
        rule: `valid YAML; the parser says: ${first.replace(/ at line \d+, column \d+:?$/, "")}`,
        fix: "correct this line, or what comes before it",
        code: "GP324",
      },
    ]);
  }
  return isMap(document.contents) ? (document.toJS() as Record<string, unknown>) : {};
}

/** A line of a file that cannot be read: its key may be that of a secret, so what comes behind a colon is not shown. */
const shownLine = (line: string) => line.trim().replace(/^([^:]*:).+$/, "$1 …");
