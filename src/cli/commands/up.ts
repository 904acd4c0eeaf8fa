import pc from "picocolors";
import { endpointEnvironment, stackContainers } from "../../platforms/docker/daemon.ts";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";
import { rememberWords } from "../completion/project-words.ts";
import { checkMachine, type Daemon, reachDaemon } from "../daemon.ts";
import { beforeAnything, causeOf } from "../engines/causes.ts";
import * as compose from "../engines/compose.ts";
import { dropInterrupted } from "../engines/interrupted-run.ts";
import { requireUnlocked } from "../engines/lock.ts";
import * as pulumi from "../engines/pulumi.ts";
import { heedSignals } from "../interrupt.ts";
import { printJson, speaker } from "../json.ts";
import { daemonAhead } from "../observe-times.ts";
import { planForEngine, planOf } from "../plan.ts";
import { checkPolicies } from "../policy-check.ts";
import { followProgress } from "../progress.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { claim, type Engine, ownerOf } from "../state.ts";
import { timingsText } from "../timings.ts";
import { deployedJson, endpointText } from "./endpoints.ts";
import { warningLines } from "./preview.ts";
import { failedUp, interrupted, isDaemonGone } from "./up-failed.ts";
import { upHosted } from "./up-hosted.ts";

export interface UpOptions {
  readonly engine?: Engine;
  readonly refresh?: boolean;
  /** Print the endpoints for a program; everything else goes to the error output. */
  readonly json?: boolean;
  /** Say what took how long, and what waited for what. */
  readonly timings?: boolean;
  /** Names of credentials that get another value with it: what `rotate` asks for, which tells its own end. @default none */
  readonly renew?: readonly string[];
}

export async function up(env: string, options: UpOptions): Promise<void> {
  const project = openProject(env);
  if (project.settings.target !== "docker") return upHosted(project, options);
  const engine = options.engine ?? ownerOf(project) ?? ((await pulumi.usablePulumi()) ? "pulumi" : "compose");
  // The plan comes first: nothing is asked of a machine for a configuration that is wrong.
  const store = engine === "compose" ? compose.credentialStore(project) : undefined;
  store?.renew(options.renew ?? []);
  const plan = await (store ? planOf(project, store.valueOf, "carry-out") : planForEngine(project));
  const policies = await checkPolicies(plan);
  const daemon = await reachDaemon();
  await (engine === "compose" ? compose.requireCompose(daemon) : pulumi.requirePulumi());
  await checkMachine(project, plan, engine, daemon, engine === "compose" ? compose.composeFolder(project) : undefined);
  claim(project, engine);
  store?.save();
  rememberWords(project.root, project.stack, plan);
  const say = speaker(options.json);
  say(`${pc.bold(project.prefix)} on docker, engine ${engine}`);
  for (const line of [...warningLines(plan), ...policies]) say(line);
  if (engine === "pulumi") {
    requireUnlocked(project);
    const state = await pulumi.requireKeptData(project, plan);
    const dropped = state ? await dropInterrupted(daemon, project, state) : [];
    if (dropped.length > 0) say(`removed what a run that was ended had begun, and its state does not know: ${dropped.join(", ")}`);
  }
  const signal = heedSignals();
  const began = performance.timeOrigin + (options.timings ? await daemonAhead(daemon.docker) : 0);
  const planSeconds = performance.now() / 1000;
  const stop = await followProgress(daemon.docker, project.prefix, plan, options.json);
  const outcome = await deploy(project, plan, daemon, engine, options, signal).catch(brokenOff);
  const { ready, behind, times } = await stop(signal.aborted || refused(outcome) ? "refused" : outcome.failure === undefined ? "done" : "failed");
  if (signal.aborted) throw interrupted(project, { ready, behind });
  const failure = outcome.failure ?? (behind.length > 0 ? `done, but not ready: ${behind.join(", ")}` : undefined);
  if (failure !== undefined) throw await failedUp(project, plan, daemon, failure);
  const place = engine === "compose" ? compose.passwordPlace : pulumi.passwordPlace;
  const timings = options.timings ? `\n\n${timingsText(plan, times, { began, planSeconds, wallSeconds: performance.now() / 1000 })}` : "";
  if (options.json && options.renew) return;
  if (!options.json) return say(`\n${endpointText(project, plan, place(project))}${timings}${outcome.note ? `\n\n${outcome.note}` : ""}`);
  if (timings) say(timings.trim());
  printJson(deployedJson(project, plan, engine, place(project), outcome.note));
}

interface Outcome {
  readonly failure?: string;
  readonly note?: string;
}

/** Whether the engine did nothing at all: there is nothing to tell of the parts then. */
function refused({ failure }: Outcome): boolean {
  const cause = failure === undefined ? undefined : causeOf(failure);
  return cause !== undefined && beforeAnything.includes(cause.code);
}

async function deploy(
  project: EnvironmentProject,
  plan: Plan,
  daemon: Daemon,
  engine: Engine,
  options: UpOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  if (engine === "pulumi") {
    const look = options.refresh || (await strayed(project, plan, daemon));
    const { failure, changes } = await pulumi.pulumiUp(project, endpointEnvironment(daemon.endpoint), look, { plan, renew: options.renew, signal });
    return failure === undefined ? { note: changes } : { failure };
  }
  const failure = await compose.composeUp(project, plan, daemon, signal);
  return failure === undefined ? {} : { failure };
}

/** A daemon that goes away while it is asked is told like one that goes away while the engine asks it. */
function brokenOff(error: unknown): Outcome {
  if (!isDaemonGone(error)) throw error;
  return { failure: error.message };
}

/** The engine believes its state: when a container is missing or was stopped, it must look first. */
async function strayed(project: EnvironmentProject, plan: Plan, daemon: Daemon): Promise<boolean> {
  const now = await stackContainers(daemon.docker, project.prefix);
  return containersOf(plan).some(({ role, inputs }) => {
    const found = now.find(({ name }) => name === inputs.name);
    return !found || (role === "server" && found.state !== "running");
  });
}
