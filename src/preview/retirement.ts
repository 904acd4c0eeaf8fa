import { componentsOf, type Plan, type PlanResource } from "./plan.ts";
import { whatStays } from "./what-stays.ts";

/** A part of a component that the engine, or the target, does not delete as long as the component is not retired. */
export interface ProtectedPart {
  readonly name: string;
  readonly type: string;
  /** What holds it now, and holds it no more once the component is retired: `protect`, `deletionProtection` ... */
  readonly held: readonly string[];
  /** What is left of it when it is deleted; undefined for what is lost. */
  readonly stays: string | undefined;
  /** How the target calls it, where it stays there by itself. */
  readonly physical: string | undefined;
}

/** What it means to take a component out of a topology. */
export interface Retirement {
  readonly component: string;
  readonly kind: string;
  readonly parts: readonly ProtectedPart[];
  /** What is still held when it is retired: it could not be taken out. */
  readonly stillHeld: readonly string[];
  /** Components with a binding to it, and the names of these; of what observes it, the arguments that name it. */
  readonly bound: readonly { readonly component: string; readonly bindings: readonly string[] }[];
  /** What all components share, and only this one uses: URNs. */
  readonly shared: readonly string[];
}

/** Switches of resources that keep the target from deleting them. */
const switches = ["deletionProtection", "enableDeletionProtection", "deletionProtectionEnabled"];

const holds = (resource: PlanResource): string[] => [
  ...(resource.protect ? ["protect"] : []),
  ...(resource.retainOnDelete ? ["retainOnDelete"] : []),
  ...switches.filter((name) => resource.inputs[name] === true),
  // A bucket is deleted when it is empty, unless this empties it.
  ...(resource.type === bucket && resource.inputs.forceDestroy !== true ? [keepsObjects] : []),
];

const bucket = "aws:s3/bucket:Bucket";
const keepsObjects = "forceDestroy: false";

/** What keeps the component in the topology, or its resource in the account, when it is taken out. */
const refusesToGo = (resource: PlanResource): boolean => holds(resource).some((hold) => hold !== "retainOnDelete");

/** Compares the plan of a component that is not retired with that of the same one that is. Pure. */
export function retirementOf(before: Plan, after: Plan, component: string): Retirement {
  const owner = ownersIn(before);
  const later = new Map(after.resources.map((resource) => [resource.urn, resource]));
  const own = before.resources.filter((resource) => owner(resource)?.name === component);
  const parts = own.flatMap((resource): ProtectedPart[] => {
    const left = later.get(resource.urn);
    const held = holds(resource).filter((hold) => !left || !holds(left).includes(hold));
    if (held.length === 0) return [];
    const { name, type, inputs } = resource;
    const physical = typeof inputs.name === "string" ? inputs.name : undefined;
    return [{ name, type, held, stays: whatStays(resource, before), physical }];
  });
  return {
    component,
    kind: String(componentsOf(before).find(({ name }) => name === component)?.outputs.kind),
    parts,
    stillHeld: own.flatMap(({ urn, name }) => {
      const left = later.get(urn);
      return left && refusesToGo(left) ? [name] : [];
    }),
    bound: boundTo(before, component),
    shared: sharedBy(before, component, owner),
  };
}

export type OwnerOf = (resource: PlanResource) => PlanResource | undefined;

/** The component that a resource is a part of. */
export function ownersIn(plan: Plan): OwnerOf {
  const all = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const components = new Set(componentsOf(plan));
  const owner: OwnerOf = (resource) => {
    if (components.has(resource)) return resource;
    const parent = all.get(resource.parent ?? "");
    return parent && owner(parent);
  };
  return owner;
}

function boundTo(plan: Plan, component: string): Retirement["bound"] {
  const components = componentsOf(plan);
  const reaches = components.find(({ name }) => name === component)?.outputs.reaches as Record<string, unknown> | undefined;
  const workloads = new Set([component, ...Object.keys(reaches ?? {})]);
  return components.flatMap(({ name, outputs }) => {
    const to = Object.entries((outputs.bindings ?? {}) as Record<string, string>);
    const keys = to.filter(([, address]) => workloads.has(address.split(":")[0] ?? "")).map(([key]) => key);
    const bindings = outputs.kind === "ObservabilityStack" ? [...new Set(keys.map(writtenAs))] : keys;
    return name === component || bindings.length === 0 ? [] : [{ component: name, bindings }];
  });
}

/** The argument of an ObservabilityStack that a way of one of its parts comes from: nobody wrote the names of these. */
const writtenAs = (key: string) => (/^(EXPORTS|METRICS|PROBES?)_/.test(key) ? "observes" : "receivers");

/** What says something of a key or a bucket, and so is no user of it. */
const companion =
  /^aws:(?:kms\/alias|s3\/bucket(?:LifecycleConfiguration|OwnershipControls|Policy|PublicAccessBlock|ServerSideEncryptionConfiguration|Versioning)):/;

/** Protected parts of the ground that nobody but this component needs. */
function sharedBy(plan: Plan, component: string, owner: OwnerOf): string[] {
  const users = (urn: string) =>
    plan.resources.filter(
      ({ custom, type, dependencies, propertyDependencies }) =>
        custom && !companion.test(type) && [dependencies, ...Object.values(propertyDependencies)].some((list) => list.includes(urn)),
    );
  return plan.resources.flatMap((resource) => {
    if (!resource.protect || owner(resource)) return [];
    const names = users(resource.urn).map((user) => owner(user)?.name);
    return names.length > 0 && names.every((name) => name === component) ? [resource.urn] : [];
  });
}
