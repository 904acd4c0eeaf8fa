import * as pulumi from "@pulumi/pulumi";
import { settleSettings } from "./config/settings.ts";
import { staleCopy } from "./config/stale.ts";
import type { Ground, GroundContext, Report } from "./core/ground.ts";
import { type ImageOverride, images } from "./core/images.ts";
import { stackName } from "./core/naming.ts";
import type { AheadSpec, Platform, Target } from "./core/platform.ts";
import { nearest, PlanProblems, type Problem } from "./core/problems.ts";
import { projectRoot } from "./core/project-root.ts";
import type { StackSettings } from "./core/settings.ts";
import { retiredWarnings, strayOverrides, strayRetired, withOrigins } from "./core/settle.ts";
import { missingGround, missingSdks } from "./stack-messages.ts";

/** What a topology is called with. */
export interface TopologyContext {
  /** The ground of this environment; every component gets it. */
  readonly platform: Platform;
  /** Images of the environment's own services, by the name under `images` in the stack file: a reference, or what is built; undefined when none is set. */
  readonly images: Readonly<Record<string, ImageOverride | undefined>>;
}

/** A topology: systems, services and who may talk to whom, written once for all environments. Returns the stack's outputs. */
export type Topology = (context: TopologyContext) => Record<string, unknown>;

/** What `runStack` runs: topologies by name, and how a ground is loaded. */
export interface StackProgram {
  /** Topologies by the name that the stack file gives under `topology`. */
  readonly topologies: Readonly<Record<string, Topology>>;
  /** Loads a ground; only the configured one is loaded. */
  readonly grounds: Partial<Record<Target, () => Promise<{ openGround: (context: GroundContext) => Ground }>>>;
}

/** Message of a recorded program to the recorder. */
export interface ProgramReport {
  readonly type: "groundplan";
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly remember?: unknown;
}

/** Runs a stack program: settings, ground, topology, and at the end all problems at once. */
export async function runStack(program: StackProgram): Promise<Record<string, unknown>> {
  const root = projectRoot();
  const isolation = process.env.GROUNDPLAN_ISOLATION ?? "";
  const suffix = isolation ? `-${isolation}` : "";
  const env = pulumi.getStack().endsWith(suffix) ? pulumi.getStack().slice(0, pulumi.getStack().length - suffix.length) : pulumi.getStack();
  const document: unknown = new pulumi.Config("groundplan").getObject("stack");
  const stale = staleCopy(root, env, document, process.env.PULUMI_OPTION_CONFIG_FILE);
  if (stale.length > 0) throw fail(stale, []);
  const result = settleSettings({ project: pulumi.getProject(), env, document, file: `Pulumi.${env}.yaml`, environment: process.env });
  if (!("settings" in result)) throw fail(result.problems, []);
  const { settings } = result;
  if (pulumi.getStack() !== stackName(env, settings.isolation)) {
    throw fail([wrongIsolation(settings)], []);
  }
  const topology = program.topologies[settings.topology];
  if (!topology) throw fail([unknownTopology(settings, Object.keys(program.topologies))], []);
  const load = program.grounds[settings.target];
  if (!load) throw new pulumi.RunError(missingGround(settings.target));

  const problems: Problem[] = [];
  const warnings: string[] = [];
  const names: string[] = [];
  const report = (spec: Report) => {
    if (names.includes(spec.name)) problems.push(duplicateName(spec));
    names.push(spec.name);
    problems.push(...withOrigins(settings, spec.name, spec.problems));
    warnings.push(...spec.warnings.map((warning) => `${spec.name}: ${warning}`));
  };
  const ahead: AheadSpec[] = [];
  const promised = (part: AheadSpec) => ahead.push(part);
  const ground = (await loaded(settings.target, load)).openGround({ settings, root, report, promised });
  const read = new Set<string>();
  const outputs = topology({ platform: ground.platform, images: serviceImages(settings, read) });
  problems.push(
    ...neverMade(ahead, names),
    ...strayOverrides(settings, names),
    ...strayRetired(settings, names),
    ...strayImages(settings, read),
    ...(ground.problems?.() ?? []),
  );
  warnings.push(...retiredWarnings(settings, names));
  // With other problems parts are missing, and so are their ports.
  if (problems.length === 0) problems.push(...strayPorts(settings, ground.publishedPorts()));
  if (problems.length > 0) throw fail(problems, warnings);
  await ground.complete();
  tell({ type: "groundplan", problems: [], warnings, remember: ground.remember() });
  if (!process.send) for (const warning of warnings) await pulumi.log.warn(warning);
  // An output without a value, such as the address of a port that is not published, is none.
  const known = Object.entries(outputs ?? {}).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(known), credentials: pulumi.secret(ground.credentials()) };
}

/** A ground whose SDK is not installed says which, and what installs it. */
async function loaded<G>(target: Target, load: () => Promise<G>): Promise<G> {
  try {
    return await load();
  } catch (error) {
    const said = missingSdks(target, error);
    throw said === undefined ? error : new pulumi.RunError(said);
  }
}

function fail(problems: readonly Problem[], warnings: readonly string[]): Error {
  tell({ type: "groundplan", problems, warnings });
  return new pulumi.RunError(new PlanProblems(problems).message);
}

function tell(message: ProgramReport): void {
  if (process.env.GROUNDPLAN_RECORDING) process.send?.(message);
}

/** The images for the topology; remembers which were asked for. */
function serviceImages(settings: StackSettings, read: Set<string>): TopologyContext["images"] {
  return new Proxy(settings.images.overrides ?? {}, {
    get: (overrides, name) => {
      if (typeof name === "string") read.add(name);
      return typeof name === "string" ? overrides[name] : undefined;
    },
  });
}

function strayImages(settings: StackSettings, read: ReadonlySet<string>): Problem[] {
  const known = [...Object.keys(images), ...read];
  return Object.entries(settings.images.overrides ?? {})
    .filter(([name]) => !known.includes(name))
    .map(([name, value]) => stray(settings, "images", name, value, known, "an image that the topology asks for, or a row of the image table"));
}

function strayPorts(settings: StackSettings, published: readonly string[]): Problem[] {
  return Object.entries(settings.ports)
    .filter(([key]) => !published.includes(key))
    .map(([key, value]) => stray(settings, "ports", key, value, published, "component.port of a port that this environment publishes"));
}

function stray(settings: StackSettings, setting: string, name: string, value: unknown, known: readonly string[], rule: string): Problem {
  const guess = nearest(name, known);
  const fix = guess ? `did you mean ${guess}?` : `remove it; known are ${known.join(", ")}`;
  const origin = settings.origins[setting];
  return { component: "stack", path: `${setting}.${name}`, value, rule, fix, code: "GP311", ...(origin ? { origin } : {}) };
}

/** Ways to workloads of components that the topology does not have. */
const neverMade = (ahead: readonly AheadSpec[], names: readonly string[]): Problem[] =>
  [...new Set(ahead.map(({ system }) => system))]
    .filter((system) => !names.includes(system))
    .map((system) => ({
      component: system,
      path: "name",
      value: system,
      rule: "a component of this topology: others connect to it",
      fix: `make it at the end of the topology, or correct the name; known are ${names.join(", ") || "none"}`,
      code: "GP318",
    }));

const duplicateName = (spec: Report): Problem => ({
  component: spec.name,
  path: "name",
  value: spec.name,
  rule: "every component of a topology has a name of its own",
  fix: `rename this ${spec.kind}`,
  code: "GP314",
});

function unknownTopology(settings: StackSettings, known: readonly string[]): Problem {
  const guess = nearest(settings.topology, known);
  const origin = settings.origins.topology;
  return {
    component: "stack",
    path: "topology",
    value: settings.topology,
    rule: `one of ${known.join(", ")}`,
    fix: guess ? `did you mean ${guess}?` : "add it to stacks/index.ts, or choose one of these",
    ...(origin ? { origin } : {}),
  };
}

const wrongIsolation = (settings: StackSettings): Problem => ({
  component: "stack",
  path: "isolation",
  value: settings.isolation,
  rule: `the isolated copy "${settings.isolation}" lives in a stack of its own, ${stackName(settings.env, settings.isolation)}`,
  fix: `use groundplan up ${settings.env} --isolation ${settings.isolation}, or select that stack`,
});
