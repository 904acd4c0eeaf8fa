import type { Resource } from "../../policies/model.ts";

/** What a policy must say of small stacks. The first compliant and the first violating one are the examples of its documentation. */
export interface PolicyCases {
  /** Stacks that break nothing. */
  readonly compliant: readonly Case[];
  /** Stacks that do, with every finding: `<resource name>: <path>`. */
  readonly violating: readonly (Case & { readonly finds: readonly string[] })[];
  /**
   * Inputs that the check reads, as `<resource name>: <path>` of `compliant[0]`, with what it finds when the input is
   * missing: nothing (`[]`), or as in `finds`. Every one of them is also tried with values of a wrong type (the check
   * must not throw) and as not yet known (it must be told as not run, or be irrelevant).
   */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** Those of `reads` that say enough while they are unknown: the value comes from a resource that is looked at itself, or any value will do. */
  readonly enoughUnknown?: readonly string[];
}

export interface Case {
  readonly title: string;
  /** Stage of the run; prod when left out. */
  readonly stage?: "dev" | "staging" | "prod";
  readonly resources: readonly Resource[];
}

interface Options extends Partial<Pick<Resource, "parent" | "protect" | "ignoreChanges" | "secretInputs">> {
  /** Resources that an input comes from. */
  readonly from?: Readonly<Record<string, readonly Resource[]>>;
}

/** A resource of a case. */
export function resource(type: string, name: string, inputs: Record<string, unknown>, { from = {}, ...options }: Options = {}): Resource {
  return {
    urn: `urn:pulumi:test::cases::${type}::${name}`,
    type,
    name,
    parent: undefined,
    inputs,
    protect: false,
    ignoreChanges: [],
    secretInputs: [],
    propertyDependencies: Object.fromEntries(Object.entries(from).map(([input, sources]) => [input, sources.map(({ urn }) => urn)])),
    ...options,
  };
}
