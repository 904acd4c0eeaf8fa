import { copyArguments } from "../../core/naming.ts";
import { stackContainers } from "../../platforms/docker/daemon.ts";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";
import { type ComponentCredentials, credentialsByComponent, rotationEffects, standIns } from "../../preview/rotation.ts";
import { type Daemon, reachDaemon } from "../daemon.ts";
import { composeFolder } from "../engines/compose.ts";
import { type Generations, generationsOf, renewedSince } from "../engines/generations.ts";
import { inState, requirePulumi } from "../engines/pulumi.ts";
import { requireBackend } from "../engines/pulumi-state.ts";
import { CommandError, couldNotRun, exitCodes } from "../exit.ts";
import { heedSignals } from "../interrupt.ts";
import { printJson, speaker } from "../json.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { chosenCredentials } from "../rotation-choice.ts";
import { rotatedText, rotationJson, rotationText, unfinishedText } from "../rotation-text.ts";
import { type Engine, ownerOf } from "../state.ts";
import { runChecks } from "../verify/checks.ts";
import { up } from "./up.ts";

export interface RotateOptions {
  /** One of several credentials of the component, by its name or by the middle of it. @default all of them */
  readonly only?: string;
  /** Show what would happen, and end. */
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** What changes and what was checked, for a program; everything else goes to the error output. */
  readonly json?: boolean;
}

/** Gives the credentials of a component new values, and rolls whoever uses them. The data, and everything else, stays. */
export async function rotate(env: string, component: string, options: RotateOptions): Promise<void> {
  const project = openProject(env);
  const before = await planOf(project, standIns());
  const chosen = chosenCredentials(credentialsByComponent(before), before, { env, component, ...options });
  const names = chosen.rotated.map(({ name }) => name);
  const { settings } = project;
  const daemon = settings.target === "docker" ? await reachDaemon() : undefined;
  const engine = daemon ? await requireRunning(project, before, chosen, daemon) : await requireDeployed(project, chosen);
  const after = await planOf(project, standIns(names));
  const told = { chosen, engine, effects: rotationEffects(before, after) };
  const say = speaker(options.json);
  if (!options.json) say(rotationText(project, told));
  if (options.dryRun) return options.json ? printJson(rotationJson(project, told)) : undefined;
  if (!settings.profile.discardDataFreely && !options.yes)
    throw couldNotRun(
      "GP502",
      `nothing was changed: who uses ${component} is interrupted, and profile ${settings.profile.name} wants --yes with that`,
    );
  say("");
  const generations = await generationsOf(project, engine, chosen.rotated);
  try {
    await up(env, { engine, renew: names, ...(options.json ? { json: true } : {}) });
  } catch (error) {
    throw await unfinished(project, { engine, chosen, generations }, error);
  }
  // What is checked logs in with the new values.
  const touched = new Set([component, ...told.effects.map((effect) => effect.component)]);
  const signal = heedSignals();
  const folder = engine === "compose" ? composeFolder(project) : undefined;
  const rows = daemon ? await runChecks(only(before, touched), daemon, folder, signal) : [];
  if (signal.aborted) throw uncheckedEnd(project, component);
  if (options.json) printJson(rotationJson(project, told, rows));
  else say(`\n${rotatedText(project, chosen, rows)}`);
  if (rows.some(({ ok }) => !ok)) process.exitCode = exitCodes.findings;
}

/** The containers of some components. */
const only = (plan: Plan, components: ReadonlySet<string>): Plan => {
  const kept = containersOf(plan).filter(({ component }) => components.has(component));
  return { ...plan, resources: kept.map(({ resource }) => resource) };
};

interface Begun {
  readonly engine: Engine;
  readonly chosen: ComponentCredentials;
  /** As they were before. */
  readonly generations: Generations | undefined;
}

/** A configuration that is refused says so by itself. Otherwise what is noted by now decides how it goes on. */
async function unfinished(project: EnvironmentProject, { engine, chosen, generations }: Begun, error: unknown): Promise<unknown> {
  if (!(error instanceof CommandError) || error.exit === exitCodes.badConfiguration) return error;
  const noted = renewedSince(generations, await generationsOf(project, engine, chosen.rotated).catch(() => undefined));
  const copy = copyArguments(project.env, project.settings.isolation);
  const names = chosen.rotated.map(({ name }) => name);
  return new CommandError(error.code, `${error.message}\n${unfinishedText({ component: chosen.component, copy, names, noted })}`);
}

const uncheckedEnd = ({ prefix, env, settings }: EnvironmentProject, component: string) =>
  new CommandError(
    "GP406",
    `${prefix}: ${component} has new credentials, and their checks were interrupted\n  check  groundplan verify ${copyArguments(env, settings.isolation)}`,
  );

/** A rotation is for what runs: where nothing does, there is nobody whose password could be changed. Answers the engine it belongs to. */
async function requireRunning(project: EnvironmentProject, plan: Plan, { component }: ComponentCredentials, { docker }: Daemon): Promise<Engine> {
  const now = await stackContainers(docker, project.prefix);
  const parts = containersOf(plan).filter((part) => part.component === component && part.role === "server");
  const missing = parts.filter(({ inputs }) => now.find(({ name }) => name === inputs.name)?.state !== "running");
  if (missing.length > 0) throw notRunning(project, component, missing.map(({ resource }) => resource.name).join(", "));
  // By label too: bare pulumi leaves no note of its own.
  return ownerOf(project) ?? (now.some(({ engine }) => engine === "pulumi") ? "pulumi" : "compose");
}

async function requireDeployed(project: EnvironmentProject, { component, rotated }: ComponentCredentials): Promise<Engine> {
  await requirePulumi();
  requireBackend(project);
  const known = await inState(
    project,
    rotated.map(({ urn }) => urn),
  );
  const missing = rotated.filter(({ urn }) => !known.includes(urn));
  if (missing.length > 0) throw notRunning(project, component, missing.map(({ name }) => name).join(", "));
  return "pulumi";
}

const notRunning = ({ prefix, env, settings }: EnvironmentProject, component: string, missing: string) =>
  couldNotRun(
    "GP403",
    `${component} of ${prefix} is not running (${missing}), so there is no password to change\n  Bring it up first: groundplan up ${copyArguments(env, settings.isolation)}`,
  );
