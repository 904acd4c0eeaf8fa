import type { Breach, Context, Level, Policy, Resource, Severity, Stage } from "./model.ts";
import { fits, stackOf, withEntries } from "./stack.ts";

/** One breach of one policy at one resource, with what it means in this stage. */
export interface Finding {
  readonly policy: string;
  readonly severity: Severity;
  readonly level: Exclude<Level, "disabled">;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The component that the resource belongs to; the resource itself when it belongs to none. */
  readonly component: string;
  readonly path: string;
  /** What is there: `ports[0].ip is "0.0.0.0", which ...` */
  readonly message: string;
}

/** A policy that could not look at a resource, or at the stack. */
export interface NotRun {
  readonly policy: string;
  readonly level: Exclude<Level, "disabled">;
  /** Undefined for a policy over the whole stack. */
  readonly urn: string | undefined;
  readonly reason: string;
}

export interface Evaluation {
  readonly stage: Stage;
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
  /** Per policy: how many resources it looked at. One of none had nothing to look at. */
  readonly looked: Readonly<Record<string, number>>;
}

/** What a run has set otherwise than the catalogue. */
export interface Settings {
  readonly stage: Stage;
  readonly level: (policy: Policy) => Level;
  readonly parameter: (policy: Policy, name: string) => number;
}

/** As the catalogue has it for a stage. */
export const defaultsOf = (stage: Stage): Settings => ({
  stage,
  level: (policy) => policy.levels[stage],
  parameter: (policy, name) => {
    const parameter = policy.parameters?.[name];
    if (!parameter) throw new Error(`policy ${policy.id} has no parameter "${name}"`);
    return parameter.default[stage];
  },
});

/** Every policy over every resource. Pure: the same resources and settings give the same answer, in the same order. */
export function evaluate(policies: readonly Policy[], planned: readonly Resource[], settings: Settings): Evaluation {
  const resources = withEntries(planned);
  const stack = stackOf(resources);
  const findings: Finding[] = [];
  const notRun: NotRun[] = [];
  const looked: Record<string, number> = {};
  for (const policy of policies) {
    const level = settings.level(policy);
    if (level === "disabled") continue;
    const context = contextOf(policy, settings);
    const found = (resource: Resource, breach: Breach) => findings.push(findingOf(policy, level, resource, breach, resources));
    const attempt = (urn: string | undefined, check: () => void) => {
      try {
        check();
      } catch (error) {
        notRun.push({ policy: policy.id, level, urn, reason: reasonOf(error) });
      }
    };
    const concerned = resources.filter(({ type }) => fits(type, policy.types));
    looked[policy.id] = concerned.length;
    if (policy.scope === "stack") {
      attempt(undefined, () => {
        for (const { resource, ...breach } of policy.check(stack, context)) found(resource, breach);
      });
      continue;
    }
    for (const resource of concerned) {
      attempt(resource.urn, () => {
        for (const breach of policy.check(resource, context)) found(resource, breach);
      });
    }
  }
  return { stage: settings.stage, findings: findings.toSorted(byPlace), notRun, looked };
}

const contextOf = (policy: Policy, settings: Settings): Context => ({
  stage: settings.stage,
  parameter: (name) => settings.parameter(policy, name),
});

export function findingOf(
  policy: Policy,
  level: Finding["level"],
  resource: Resource,
  { path, is }: Breach,
  resources: readonly Resource[],
): Finding {
  const { urn, type, name, within } = resource;
  const at = [within, path].filter((part) => part).join(".");
  return {
    policy: policy.id,
    severity: policy.severity,
    level,
    urn,
    type,
    name,
    component: componentOf(resource, resources),
    path: at,
    message: messageOf(at, is),
  };
}

/** What a finding says; all ways to run a policy say the same. */
const messageOf = (path: string, is: string): string => (path === "" ? is : `${path} ${is}`);

const ours = "groundplan:index:";

/** The outermost component of the library above a resource, else the resource itself. */
function componentOf(resource: Resource, resources: readonly Resource[]): string {
  let owner = resource;
  for (let at: Resource | undefined = resource; at; at = resources.find(({ urn }) => urn === at?.parent)) if (at.type.startsWith(ours)) owner = at;
  return owner.name;
}

/** Why a check did not come to its end, of what it threw. */
export function reasonOf(error: unknown): string {
  // The engine's packs stand in for unknown values with one that throws this when it is read.
  if (error instanceof Error && error.constructor.name === "UnknownValueError") return "it needs a value that is not known before the deployment";
  return `the check failed: ${error instanceof Error ? error.message : String(error)}`;
}

const byPlace = (a: Finding, b: Finding) =>
  a.component.localeCompare(b.component) || a.urn.localeCompare(b.urn) || a.policy.localeCompare(b.policy) || a.path.localeCompare(b.path);
