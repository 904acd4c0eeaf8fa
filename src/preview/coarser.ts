import { type Capability, type CapabilityKey, capabilities } from "../core/capabilities.ts";
import type { Target } from "../core/platform.ts";
import { componentsOf, type Plan, type PlanResource } from "./plan.ts";

export interface CoarserRow {
  readonly capability: string;
  /** In what way the target honours it less precisely than the topology says. */
  readonly how: string;
}

/** Rows of what is asked for, where the component tells whether it is. */
const asked: Partial<Record<CapabilityKey, (told: PlanResource["outputs"]) => boolean>> = {
  egress: ({ egress }) => Array.isArray(egress) && egress.length > 0,
  existing: ({ existing }) => existing !== undefined,
  quorum: ({ replicas }) => Number(replicas) > 1,
  storageSize: ({ storageGiB }) => Number(storageGiB) > 0,
  volumes: ({ storageGiB }) => Number(storageGiB) > 0,
};

/** What concerns a system that runs elsewhere: the way there. Nothing of it is made. */
const elsewhere: readonly CapabilityKey[] = ["bindings", "existing", "tls"];

/** The rows of the capability matrix that concern components of this plan and that its target honours more coarsely. */
export function coarserOf(plan: Plan, target: Target): CoarserRow[] {
  const told = componentsOf(plan).map(({ outputs }) => outputs);
  return (Object.entries(capabilities) as [CapabilityKey, Capability][])
    .filter(([key, row]) => row.cells[target].state === "coarser" && told.some((outputs) => concerns(key, row, outputs)))
    .map(([, { capability, cells }]) => ({ capability, how: cells[target].how }));
}

function concerns(key: CapabilityKey, { component }: Capability, told: PlanResource["outputs"]): boolean {
  if (component !== "every component" && !component.split(", ").includes(String(told.kind))) return false;
  return (told.existing === undefined || elsewhere.includes(key)) && (asked[key]?.(told) ?? true);
}
