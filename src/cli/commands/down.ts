import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copyArguments } from "../../core/naming.ts";
import { pingDaemon, stackContainers } from "../../platforms/docker/daemon.ts";
import { HeldByDaemon } from "../../platforms/docker/sweep.ts";
import { type Daemon, reachDaemon } from "../daemon.ts";
import { causeLines, causeOf } from "../engines/causes.ts";
import { composeDown } from "../engines/compose.ts";
import { requireUnlocked } from "../engines/lock.ts";
import { pulumiDestroy, pulumiDown, pulumiForget, requirePulumi } from "../engines/pulumi.ts";
import { requireBackend } from "../engines/pulumi-state.ts";
import { CommandError, couldNotRun } from "../exit.ts";
import { heedSignals } from "../interrupt.ts";
import { requireCluster } from "../kubernetes/kubectl.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { type Engine, engines, ownerOf, release } from "../state.ts";
import { isDaemonGone, wentAway } from "./up-failed.ts";

export interface DownOptions {
  readonly engine?: Engine;
  readonly volumes?: boolean;
  readonly yes?: boolean;
}

export async function down(env: string, options: DownOptions): Promise<void> {
  const project = openProject(env);
  const data = options.volumes ?? false;
  if (data && !project.settings.profile.discardDataFreely && !options.yes) {
    throw couldNotRun(
      "GP502",
      `--volumes deletes the data of ${project.stack} for good; profile ${project.settings.profile.name} wants --yes with it`,
    );
  }
  if (project.settings.target !== "docker") return downHosted(project, data, options.engine);
  const daemon = await reachDaemon();
  const labelled = (await stackContainers(daemon.docker, project.prefix)).map((c) => c.engine);
  const owner = ownerOf(project);
  if (owner && options.engine && options.engine !== owner) {
    throw new CommandError(
      "GP201",
      `${project.stack} belongs to engine ${owner}; take it down with that one: groundplan down ${copyArguments(env, project.settings.isolation)}`,
    );
  }
  const engine = options.engine ?? owner ?? engines.find((e) => labelled.includes(e)) ?? "compose";
  if (engine === "pulumi" && existsSync(join(project.state, "pulumi"))) await requirePulumi();
  if (engine === "pulumi") requireUnlocked(project);
  const signal = heedSignals();
  const taking = engine === "pulumi" ? pulumiDown(project, daemon, data, signal) : composeDown(project, daemon, data);
  const failure = await taking.catch((error: unknown) => brokenOff(project, daemon, error));
  if (failure !== undefined && signal.aborted) throw interruptedDown(project);
  if (failure !== undefined) throw notDown(project, failure);
  if (data) rmSync(project.state, { recursive: true, force: true });
  else release(project);
  console.log(outcome(project, data));
}

/** Other targets belong to engine pulumi alone, whatever this machine remembers of them. */
async function downHosted(project: EnvironmentProject, data: boolean, engine?: Engine): Promise<void> {
  if (engine === "compose") throw couldNotRun("GP501", `${project.stack} is on ${project.settings.target}, which belongs to engine pulumi`);
  await requirePulumi();
  requireBackend(project);
  const variables = project.settings.target === "kubernetes" ? { KUBECONFIG: requireCluster(project).kubeconfig } : {};
  const signal = heedSignals();
  const failure = await pulumiDestroy(project, variables, data, { signal });
  if (failure !== undefined && signal.aborted) throw interruptedDown(project);
  if (failure !== undefined) throw notDown(project, failure);
  if (data) {
    await pulumiForget(project);
    rmSync(project.state, { recursive: true, force: true });
  }
  console.log(outcome(project, data));
}

const interruptedDown = ({ prefix, env, settings }: EnvironmentProject) =>
  new CommandError("GP406", `${prefix} was interrupted on its way down\n  go on  groundplan down ${copyArguments(env, settings.isolation)}`);

/** A daemon that holds on to something, or goes away, is no mistake of the command. */
async function brokenOff(project: EnvironmentProject, { docker, endpoint }: Daemon, error: unknown): Promise<string> {
  const silent = isDaemonGone(error) ? await pingDaemon(docker, endpoint) : undefined;
  if (silent) throw wentAway(project, "down", silent.message);
  if (error instanceof HeldByDaemon) return error.message;
  throw error;
}

function notDown({ prefix }: EnvironmentProject, said: string): CommandError {
  const cause = causeOf(said);
  return couldNotRun(cause?.code ?? "GP402", [`${prefix} did not come down`, ...(cause ? causeLines(cause) : []), said].join("\n"));
}

const outcome = ({ prefix, env, settings }: EnvironmentProject, data: boolean) =>
  data
    ? `${prefix} is gone, with its data and credentials`
    : `${prefix} is down; data and the credentials that open it are kept (groundplan down ${copyArguments(env, settings.isolation)} --volumes deletes them)`;
