import { type Capability, capabilities } from "../core/capabilities.ts";
import type { Target } from "../core/platform.ts";
import { componentsOf, type Plan } from "./plan.ts";

export interface CoarserRow {
  readonly capability: string;
  /** In what way the target honours it less precisely than the topology says. */
  readonly how: string;
}

/** The rows of the capability matrix that concern components of this plan and that its target honours more coarsely. */
export function coarserOf(plan: Plan, target: Target): CoarserRow[] {
  const kinds = componentsOf(plan).map(({ outputs }) => String(outputs.kind));
  const concerns = ({ component }: Capability) => component === "every component" || component.split(", ").some((kind) => kinds.includes(kind));
  return Object.values<Capability>(capabilities)
    .filter((row) => row.cells[target].state === "coarser" && concerns(row))
    .map(({ capability, cells }) => ({ capability, how: cells[target].how }));
}
