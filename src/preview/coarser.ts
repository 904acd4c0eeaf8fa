import { type Capability, type CapabilityKey, capabilities } from "../core/capabilities.ts";
import type { Target } from "../core/platform.ts";
import { componentsOf, type Plan, type PlanResource } from "./plan.ts";

export interface CoarserRow {
  readonly capability: string;
  /** In what way the target honours it less precisely than the topology says. */
  readonly how: string;
}

/** Rows of what an argument asks for, where the component tells whether it does: nobody reads of what he did not ask for. */
const asked: Partial<Record<CapabilityKey, (told: PlanResource["outputs"]) => boolean>> = {
  egress: ({ egress }) => Array.isArray(egress) && egress.length > 0,
  existing: ({ existing }) => existing !== undefined,
  quorum: ({ replicas }) => Number(replicas) > 1,
  storageSize: ({ storageGiB }) => Number(storageGiB) > 0,
};

/** The rows of the capability matrix that concern components of this plan and that its target honours more coarsely. */
export function coarserOf(plan: Plan, target: Target): CoarserRow[] {
  const told = componentsOf(plan).map(({ outputs }) => outputs);
  const concerns = ([key, { component }]: readonly [CapabilityKey, Capability]) =>
    told.some(
      (outputs) => (component === "every component" || component.split(", ").includes(String(outputs.kind))) && (asked[key]?.(outputs) ?? true),
    );
  return (Object.entries(capabilities) as [CapabilityKey, Capability][])
    .filter((row) => row[1].cells[target].state === "coarser" && concerns(row))
    .map(([, { capability, cells }]) => ({ capability, how: cells[target].how }));
}
