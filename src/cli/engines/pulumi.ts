import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { copyArguments } from "../../core/naming.ts";
import { endpointEnvironment } from "../../platforms/docker/daemon.ts";
import { sweep } from "../../platforms/docker/sweep.ts";
import type { Daemon } from "../daemon.ts";
import { couldNotRun } from "../exit.ts";
import type { EnvironmentProject } from "../project.ts";

/** Versions of the Pulumi CLI that this version of the library was tried with. */
const pulumiRange = { from: [3, 230], below: [4, 0] } as const;

/** Version of the CLI on PATH; undefined when there is none. */
export async function pulumiVersion(): Promise<string | undefined> {
  const { stdout, exitCode, failed } = await execa("pulumi", ["version"], { reject: false, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  return failed || exitCode !== 0 ? undefined : stdout.trim();
}

export function inRange(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const { from, below } = pulumiRange;
  return (major > from[0] || (major === from[0] && minor >= from[1])) && major < below[0];
}

/** Whether there is a CLI of the range that was tried. */
export const usablePulumi = async (): Promise<boolean> => inRange((await pulumiVersion()) ?? "");

export async function requirePulumi(): Promise<void> {
  const version = await pulumiVersion();
  const range = `${pulumiRange.from.join(".")} or later, below ${pulumiRange.below.join(".")}`;
  if (!version)
    throw couldNotRun(`engine pulumi needs the Pulumi CLI on PATH, version ${range}\n  Install it, or use --engine compose for target docker.`);
  if (!inRange(version))
    throw couldNotRun(`this version of groundplan was tried with Pulumi ${range}; the one on PATH is ${version}\n  Install one of that range.`);
}

/**
 * The variables with which the CLI uses this environment's own state: a file backend and a passphrase below
 * `.groundplan`. The stack file is given as a copy, because the engine writes its encryption salt into it.
 */
export function pulumiEnvironment(project: EnvironmentProject): Record<string, string> {
  const { state, root } = project;
  return {
    PULUMI_BACKEND_URL: `file://${join(state, "pulumi")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(state, "passphrase"),
    PULUMI_OPTION_CONFIG_FILE: join(state, `Pulumi.${project.stack}.yaml`),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(project.settings.isolation ? { GROUNDPLAN_ISOLATION: project.settings.isolation } : {}),
    PATH: [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter),
  };
}

/** Makes state and stack when they are not there, and brings the copy of the stack file up to date. */
export async function prepareStack(project: EnvironmentProject): Promise<void> {
  const environment = pulumiEnvironment(project);
  const backend = join(project.state, "pulumi");
  const passphrase = environment.PULUMI_CONFIG_PASSPHRASE_FILE as string;
  mkdirSync(backend, { recursive: true, mode: 0o700 });
  chmodSync(project.state, 0o700);
  if (!existsSync(passphrase)) writeFileSync(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  const salt = await stackSalt(project, environment);
  const tracked = readFileSync(join(project.root, `Pulumi.${project.env}.yaml`), "utf8");
  writeFileSync(environment.PULUMI_OPTION_CONFIG_FILE as string, `${tracked.trimEnd()}\n${salt}\n`, { mode: 0o600 });
}

/** The stack is made from a folder of its own: the engine writes the salt beside the Pulumi.yaml that it finds there. */
async function stackSalt(project: EnvironmentProject, environment: Record<string, string>): Promise<string> {
  const folder = join(project.state, "init");
  const written = join(folder, `Pulumi.${project.stack}.yaml`);
  if (!existsSync(written)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), `name: ${project.project}\nruntime: nodejs\n`);
    const { PULUMI_OPTION_CONFIG_FILE: _, ...clean } = environment;
    const { exitCode, stderr } = await execa("pulumi", ["stack", "init", project.stack, "--non-interactive"], {
      cwd: folder,
      env: clean,
      reject: false,
    });
    if (exitCode !== 0) throw couldNotRun(`the state of ${project.stack} could not be made\n  ${stderr}`);
  }
  return readFileSync(written, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("encryptionsalt:"))
    .join("\n");
}

/** Runs the CLI on the stack; answers how it ended and what it said. */
async function pulumi(project: EnvironmentProject, daemon: Daemon, args: readonly string[], onLine?: (line: string) => void) {
  const running = execa("pulumi", [...args, "--stack", project.stack, "--non-interactive", "--color", "never"], {
    cwd: project.root,
    reject: false,
    all: true,
    env: { ...pulumiEnvironment(project), ...endpointEnvironment(daemon.endpoint) },
  });
  if (onLine) for await (const line of running.iterable({ from: "all" })) onLine(line);
  return running;
}

export async function pulumiUp(project: EnvironmentProject, daemon: Daemon, refresh: boolean): Promise<{ failure?: string; changes: string }> {
  await prepareStack(project);
  const { exitCode, all = "" } = await pulumi(project, daemon, ["up", "--yes", "--skip-preview", ...(refresh ? ["--refresh"] : [])]);
  const changes =
    /Resources:\n((?: {4}.+\n?)+)/
      .exec(all)?.[1]
      ?.trim()
      .replaceAll(/\s*\n\s*/g, ", ") ?? "";
  return exitCode === 0 ? { changes } : { changes, failure: diagnostics(all) };
}

/** `down` leaves data and the credentials that open it; with `data` everything goes, the stack's state too. */
export async function pulumiDown(project: EnvironmentProject, daemon: Daemon, data: boolean): Promise<string | undefined> {
  if (existsSync(join(project.state, "pulumi"))) {
    await prepareStack(project);
    if (data) await pulumi(project, daemon, ["state", "unprotect", "--all", "--yes"]);
    const destroy = ["destroy", "--yes", "--skip-preview", ...(data ? [] : ["--exclude-protected"])];
    if ((await pulumi(project, daemon, destroy)).exitCode !== 0) {
      // Containers that the state does not know keep a volume or a network in use: swept first, the engine gets through.
      await sweep(daemon.docker, { prefix: project.prefix, data: false });
      const { exitCode, all = "" } = await pulumi(project, daemon, [...destroy, "--refresh"]);
      if (exitCode !== 0) return diagnostics(all);
    }
  }
  await sweep(daemon.docker, { prefix: project.prefix, data });
  return undefined;
}

/** Where a person finds the passwords of this environment. */
export function passwordPlace({ env, stack, settings }: EnvironmentProject): string {
  return `eval "$(groundplan env ${copyArguments(env, settings.isolation)})"; pulumi stack output credentials --show-secrets --stack ${stack}`;
}

/** What the engine complains about, without its progress lines and without repeats. */
function diagnostics(output: string): string {
  const from = output.lastIndexOf("Diagnostics:");
  const told = (
    from < 0 ? output.slice(-2000) : output.slice(from + "Diagnostics:".length).replace(/\n(Outputs|Resources|Duration):[\s\S]*/, "")
  ).split("\n");
  const noise = /sdk-v2\/provider2\.go|update failed|error occurred:|^\s*$|Building your image|To ensure you are building|^\s*warning:/;
  const heading = /^ {2}\S+ \(.+\):$/;
  const lines = told
    .filter((line) => !noise.test(line))
    .map((line) => line.replace(/\* (creating|updating|deleting) urn:\S+::(\S+): /, "$2: ").trimEnd());
  // A resource of which nothing is left to tell is not named.
  return [
    ...new Set(lines.filter((line, index) => !heading.test(line) || (lines[index + 1] !== undefined && !heading.test(lines[index + 1] ?? "")))),
  ].join("\n");
}
