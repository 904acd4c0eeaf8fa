import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { copyArguments } from "../../core/naming.ts";
import { endpointEnvironment } from "../../platforms/docker/daemon.ts";
import { sweep } from "../../platforms/docker/sweep.ts";
import type { Plan } from "../../preview/plan.ts";
import { resourcesOfCredentials } from "../../preview/rotation.ts";
import { engineBuildFailure } from "../build-failure.ts";
import type { Daemon } from "../daemon.ts";
import { badConfiguration, couldNotRun } from "../exit.ts";
import { engine, stoppable } from "../interrupt.ts";
import type { EnvironmentProject } from "../project.ts";
import { abandoned, type EngineState, unprotectedOf, unprotectedText } from "./kept-data.ts";
import { prepareStack, pulumiEnvironment } from "./pulumi-state.ts";

/** Versions of the Pulumi CLI that this version of the library was tried with. */
const pulumiRange = { from: [3, 230], below: [4, 0] } as const;

/** The same in words. */
export const pulumiRangeText = `${pulumiRange.from.join(".")} or later, below ${pulumiRange.below.join(".")}`;

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
  if (!version)
    throw couldNotRun(
      "GP104",
      `engine pulumi needs the Pulumi CLI on PATH, version ${pulumiRangeText}\n  Install it; for target docker there is --engine compose, too.`,
    );
  if (!inRange(version))
    throw couldNotRun(
      "GP105",
      `this version of groundplan was tried with Pulumi ${pulumiRangeText}; the one on PATH is ${version}\n  Install one of that range.`,
    );
}

/** How a run is followed, and stopped. */
interface Watch {
  readonly onLine?: (line: string) => void;
  /** Asks the engine to stop in order. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs the CLI on the stack; answers how it ended and what it said. */
async function pulumi(project: EnvironmentProject, variables: Variables, args: readonly string[], { onLine, signal }: Watch = {}) {
  const running = engine(
    execa("pulumi", [...args, "--stack", project.stack, "--non-interactive", "--color", "never"], {
      cwd: project.root,
      reject: false,
      all: true,
      stdin: "ignore",
      env: { ...pulumiEnvironment(project), ...variables },
      ...stoppable(signal),
    }),
  );
  if (onLine) for await (const line of running.iterable({ from: "all" })) onLine(line);
  return running;
}

/**
 * ` +  kubernetes:apps/v1:Deployment api created (12s)` -> `  api  Deployment  created  12s`. Nothing for what took less than
 * a second, and for all other lines.
 */
export function progressLine(line: string): string | undefined {
  const [, type = "", name, what = "", time] =
    /^\s*\S*[+~-]\S*\s+(\S+:\S+)\s+(\S+)\s+((?:created|updated|replaced|deleted|\*\*\w+ failed\*\*))[^(]*(?:\(([\d.]+m?s)\))?/.exec(line) ?? [];
  const failed = what.startsWith("**");
  if (!name || type === "pulumi:pulumi:Stack" || (!failed && (!time || /^0?\.|^0/.test(time)))) return undefined;
  return `  ${name}  ${type.split(":").at(-1)}  ${what.replaceAll("*", "")}${time ? `  ${time}` : ""}`;
}

/** What the target's provider needs of the shell: which daemon, which kubeconfig. */
type Variables = Readonly<Record<string, string>>;

interface UpWith extends Watch {
  /** What is carried out: it tells what names of the engine's mean. */
  readonly plan: Plan;
  /** Names of generated credentials that are made anew. @default none */
  readonly renew?: readonly string[] | undefined;
}

export async function pulumiUp(
  project: EnvironmentProject,
  variables: Variables,
  refresh: boolean,
  { plan, renew = [], onLine, signal }: UpWith,
): Promise<{ failure?: string; changes: string }> {
  await prepareStack(project);
  const told = (line: string) => {
    const text = progressLine(line);
    if (text) onLine?.(text);
  };
  // The engine replaces nothing that its state protects. What is made anew is protected again by its own registration.
  const renewed = resourcesOfCredentials(plan, renew);
  const held = renewed.flatMap(({ urn, protect }) => (protect ? [urn] : []));
  if (held.length > 0) {
    const freed = await pulumi(project, variables, ["state", "unprotect", ...held, "--yes"]);
    if (freed.exitCode !== 0) return { changes: "", failure: [diagnostics(freed.all ?? ""), ...(await protectAgain(project, held))].join("\n") };
  }
  const args = ["up", "--yes", "--skip-preview", ...(refresh ? ["--refresh"] : []), ...renewed.flatMap(({ urn }) => ["--replace", urn])];
  const { exitCode, all = "", signal: endedBy } = await pulumi(project, variables, args, { onLine: told, signal });
  const open = exitCode !== 0 && held.length > 0 ? await protectAgain(project, held) : [];
  const changes =
    /Resources:\n((?: {4}.+\n?)+)/
      .exec(all)?.[1]
      ?.trim()
      .replaceAll(/\s*\n\s*/g, ", ") ?? "";
  if (exitCode === 0) return { changes };
  const why = endedBy
    ? `the engine was ended by ${endedBy}, and could not give its lock back`
    : (engineBuildFailure(plan, project.root, all) ?? diagnostics(all));
  return { changes, failure: [why, ...open].join("\n") };
}

/** Protects what a run that failed has left without; answers what it could not, with the commands that do it. */
async function protectAgain(project: EnvironmentProject, held: readonly string[]): Promise<string[]> {
  const state = await exportState(project);
  const open = state ? unprotectedOf(state, held) : held;
  const left: string[] = [];
  // One by one: what of several cannot be protected would keep the others from it.
  for (const urn of open) {
    const { exitCode } = await pulumi(project, {}, ["state", "protect", urn, "--yes"]);
    if (exitCode !== 0) left.push(urn);
  }
  return left.length > 0 ? unprotectedText(left, copyOf(project)) : [];
}

/** What the engine keeps of the stack; undefined when it cannot be read. */
export async function exportState(project: EnvironmentProject): Promise<EngineState | undefined> {
  const { exitCode, stdout } = await pulumi(project, {}, ["stack", "export"]);
  return exitCode === 0 ? (JSON.parse(stdout) as EngineState) : undefined;
}

/** Which of these resources the state of the stack has. */
export async function inState(project: EnvironmentProject, urns: readonly string[]): Promise<string[]> {
  await prepareStack(project);
  const { exitCode, stdout, stderr } = await pulumi(project, {}, ["stack", "export"]);
  if (exitCode !== 0) throw couldNotRun("GP203", `the state of ${project.stack} could not be read\n${stderr}`);
  const known = (JSON.parse(stdout) as EngineState).deployment?.resources?.map(({ urn }) => urn) ?? [];
  return urns.filter((urn) => known.includes(urn));
}

/** Ends the command when the plan would leave data of the stack behind. Answers the state; undefined when it cannot be read. */
export async function requireKeptData(project: EnvironmentProject, plan: Plan): Promise<EngineState | undefined> {
  await prepareStack(project);
  const state = await exportState(project);
  // What cannot be read here the engine tells itself, in a moment.
  if (!state) return undefined;
  const problems = abandoned(state, plan, copyOf(project));
  if (problems.length > 0) throw badConfiguration(problems, "with what the stack has; nothing was changed");
  return state;
}

const copyOf = ({ stack, env, settings }: EnvironmentProject) => ({ stack, copy: copyArguments(env, settings.isolation) });

/** `down` leaves data and the credentials that open it; with `data` everything goes, the stack's state too. */
export async function pulumiDown(project: EnvironmentProject, daemon: Daemon, data: boolean, signal?: AbortSignal): Promise<string | undefined> {
  if (existsSync(join(project.state, "pulumi"))) {
    const variables = endpointEnvironment(daemon.endpoint);
    if ((await pulumiDestroy(project, variables, data, { signal })) !== undefined) {
      if (signal?.aborted) return "";
      // Containers that the state does not know keep a volume or a network in use: swept first, the engine gets through.
      await sweep(daemon.docker, { prefix: project.prefix, data: false });
      const failure = await pulumiDestroy(project, variables, data, { signal }, ["--refresh"]);
      if (failure !== undefined) return failure;
    }
  }
  await sweep(daemon.docker, { prefix: project.prefix, data });
  return undefined;
}

/** Destroys what the state knows: all but what is protected, or with `data` that, too. Answers what went wrong. */
export async function pulumiDestroy(
  project: EnvironmentProject,
  variables: Variables,
  data: boolean,
  watch: Watch = {},
  more: readonly string[] = [],
): Promise<string | undefined> {
  await prepareStack(project);
  if (data) await pulumi(project, variables, ["state", "unprotect", "--all", "--yes"]);
  const args = ["destroy", "--yes", "--skip-preview", ...(data ? [] : ["--exclude-protected"]), ...more];
  const { exitCode, all = "" } = await pulumi(project, variables, args, watch);
  return exitCode === 0 ? undefined : diagnostics(all);
}

/** Where a person finds the passwords of this environment. */
export function passwordPlace({ env, stack, settings }: EnvironmentProject): string {
  return `eval "$(groundplan env ${copyArguments(env, settings.isolation)})"; pulumi stack output credentials --show-secrets --stack ${stack}`;
}

/** Takes the stack's own state away, once nothing is left in it. */
export async function pulumiForget(project: EnvironmentProject): Promise<void> {
  await pulumi(project, {}, ["stack", "rm", "--yes", "--preserve-config"]);
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
