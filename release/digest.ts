import { createHash } from "node:crypto";
import type { Plan, PlanResource } from "../src/preview/plan.ts";
import { replacingPaths, valueAt } from "../src/preview/replacement.ts";

/** A resource as a release had it: a print of every value whose change would replace it, by path, and of the provider that it names. */
export type ResourceDigest = Readonly<Record<string, string>>;

/** By URN without stack and project: the types of all parents, its own, and its name. */
export type PlanDigest = Readonly<Record<string, ResourceDigest>>;

/** The plans of a released version, by environment. */
export interface Release {
  readonly version: string;
  readonly environments: Readonly<Record<string, PlanDigest>>;
}

/** What of a plan must stay, for every resource that a provider makes. Of the values there are prints alone. */
export function digestOf(resources: readonly PlanResource[], masked: Pick<Plan, "resources">): PlanDigest {
  const shown = new Map(masked.resources.map((resource) => [resource.urn, resource]));
  const made = resources.filter(({ custom, type }) => custom && type !== "pulumi:pulumi:Stack");
  const unknown = made.filter((resource) => replacingPaths(resource) === undefined).map(({ type }) => type);
  if (unknown.length > 0) throw new Error(`src/preview/replacement.ts does not say what replaces ${[...new Set(unknown)].join(", ")}`);
  return Object.fromEntries(made.map((resource) => [identity(resource), prints(shown.get(resource.urn) ?? resource)]));
}

const identity = ({ urn }: Pick<PlanResource, "urn">) => urn.split("::").slice(2).join("::");

/** The name of a provider without its id, which differs from deployment to deployment. */
const providerOf = ({ provider }: PlanResource) => provider && identity({ urn: provider.split("::").slice(0, 4).join("::") });

function prints(resource: PlanResource): ResourceDigest {
  const paths = (replacingPaths(resource) ?? []).map((path) => [path, valueAt(resource.inputs, path)] as const);
  const values = [...paths, ["(provider)", providerOf(resource)] as const];
  return Object.fromEntries(values.filter(([, value]) => value !== undefined).map(([path, value]) => [path, print(value)]));
}

const print = (value: unknown) =>
  createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 8);

/** With keys in one order, whoever wrote them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
