/** How bad it is when a policy is broken. */
export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/** What a finding does: `mandatory` stops a pipeline, `advisory` is told, `disabled` is not looked for. */
export const levels = ["mandatory", "advisory", "disabled"] as const;
export type Level = (typeof levels)[number];

/** Where a stack stands on its way; for a stack of groundplan its profile. */
export const stages = ["dev", "staging", "prod"] as const;
export type Stage = (typeof stages)[number];

/** A level for each stage. */
export type Levels = Readonly<Record<Stage, Level>>;

/** A resource as a policy sees it: what the program asked for. */
export interface Resource {
  readonly urn: string;
  /** Type token, e.g. `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  /** URNs of the resources that each input comes from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Paths of inputs that are marked secret; undefined where nobody tells, as in a policy pack on the engine. */
  readonly secretInputs: readonly string[] | undefined;
  /** Set on an entry of a list of objects: the place that its inputs have in the resource, `items[0]`. */
  readonly within?: string;
}

/** A number that a stage or a team may set otherwise. */
export interface Parameter {
  /** Meaning, with its unit. */
  readonly meaning: string;
  readonly default: Readonly<Record<Stage, number>>;
  readonly minimum: number;
  readonly maximum: number;
}

/** One place where a resource breaks a policy. */
export interface Breach {
  /** Path of the input, e.g. `healthcheck` or `ports[0].ip`; empty when the resource as a whole is meant. */
  readonly path: string;
  /** What is there, in one sentence without a full stop: `is 0.0.0.0, which every network of the machine reaches`. Never a secret. */
  readonly is: string;
}

/** A breach with the resource that it is found at. */
export interface PlacedBreach extends Breach {
  readonly resource: Resource;
}

export interface Context {
  readonly stage: Stage;
  /** Value of a parameter in this run. */
  readonly parameter: (name: string) => number;
}

interface Common {
  /** Stable once shipped: waivers, overrides and reports name it. */
  readonly id: string;
  /** What holds when the policy is kept: `Containers publish ports on the loopback address`. */
  readonly title: string;
  readonly severity: Severity;
  /** What happens to somebody who breaks it. */
  readonly why: string;
  /** What to change: the argument of the component first, then the input of the raw resource. */
  readonly fix: string;
  /** Type tokens; `*` at the end stands for the rest of the token. */
  readonly types: readonly string[];
  /** Rows of public benchmarks and other scanners: `CIS Docker 5.4`, `CKV_AWS_16`. */
  readonly references: readonly string[];
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly levels: Levels;
  /** Set where the check must know which inputs are marked secret: a pack on the engine is not told, and does not run it. */
  readonly needsSecretMarks?: true;
}

/**
 * Looks at one resource at a time. A generator keeps what it has found when a later value turns out to be unknown, so
 * what is written down plainly is looked at first.
 */
export interface ResourcePolicy extends Common {
  readonly scope: "resource";
  readonly check: (resource: Resource, context: Context) => Iterable<Breach>;
}

/** Joins resources: looks at all of them together. `types` are those that findings are placed at. */
export interface StackPolicy extends Common {
  readonly scope: "stack";
  readonly check: (stack: Stack, context: Context) => Iterable<PlacedBreach>;
}

export type Policy = ResourcePolicy | StackPolicy;

/** All resources of a stack, with the ways from one to another. */
export interface Stack {
  readonly resources: readonly Resource[];
  /** Resources of these types; `*` at the end as in `types` of a policy. */
  readonly ofType: (...types: readonly string[]) => readonly Resource[];
  readonly byUrn: (urn: string) => Resource | undefined;
  /** Resources of these types that have `target` in one of their inputs, or in the input of that name. */
  readonly referring: (target: Resource, types: readonly string[], input?: string) => readonly Resource[];
  /** Resources of these types that an input of `from` comes from. */
  readonly referred: (from: Resource, types: readonly string[], input?: string) => readonly Resource[];
  readonly children: (parent: Resource) => readonly Resource[];
}
