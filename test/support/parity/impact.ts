import type { Impact } from "../../../docs/reference/doc.ts";
import type { PlanResource } from "../../../src/preview/plan.ts";

const container = "docker:index/container:Container";
const volume = "docker:index/volume:Volume";

/**
 * What two plans for Docker show against the class of a change. A container whose inputs differ is made anew; one that only
 * carries files, and a step that ends, disturb nobody. Only what is in both plans is compared: a part that appears is new, one
 * that goes was the argument's own.
 */
export function againstClaim(claim: Impact | undefined, before: readonly PlanResource[], after: readonly PlanResource[]): string[] {
  const old = new Map(before.map((resource) => [resource.urn, asked(resource)]));
  const differs = after.filter((resource) => old.has(resource.urn) && old.get(resource.urn) !== asked(resource));
  const named = (found: readonly PlanResource[]) => found.map(({ name }) => name);
  const running = differs.filter(({ type, inputs }) => type === container && inputs.mustRun !== false);
  // A group says it argument by argument.
  if (claim === undefined || claim === "each") return [];
  if (claim === "safe") return named(running).map((name) => `said to be safe, but ${name} is made anew`);
  if (claim === "restart") return kept(differs).map(({ name }) => `said to restart alone, but ${name} is another`);
  const steps = differs.filter(({ name, type, inputs }) => type === container && inputs.mustRun === false && !/-(check|carrier)$/.test(name));
  const now = new Set(after.map(({ urn }) => urn));
  const other = [...after.filter(({ urn }) => !old.has(urn)), ...before.filter(({ urn }) => !now.has(urn))];
  const gone = before.filter(({ urn, type, inputs }) => !now.has(urn) && type === container && inputs.mustRun !== false);
  // Data or its server comes or goes, its label tells that it would not fit, or a step looks at what is kept and refuses.
  if (kept(differs).length + kept(other).length + steps.length + gone.length > 0) return [];
  return ["said to replace, but no data, label of data, server, or step that looks at it is another"];
}

/** Volumes of data by what identifies them; those of files are named by their content. */
const kept = (resources: readonly PlanResource[]) => resources.filter(({ name, type }) => type === volume && !name.endsWith("-files"));

const asked = ({ type, inputs }: PlanResource) => JSON.stringify([type, inputs]);
