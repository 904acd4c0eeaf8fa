import type { Capability } from "./capabilities/cell.ts";
import { dataSystems } from "./capabilities/data.ts";
import { shared } from "./capabilities/everywhere.ts";
import { platformSystems } from "./capabilities/platform.ts";
import { services } from "./capabilities/service.ts";
import type { Target } from "./platform.ts";

export type { Capability, Cell } from "./capabilities/cell.ts";

/** The capability matrix: docs/capability-matrix.md is generated from it, and the refusals of the platforms name its rows. */
export const capabilities = { ...shared, ...services, ...dataSystems, ...platformSystems } as const satisfies Record<string, Capability>;

export type CapabilityKey = keyof typeof capabilities;

/** The refusal of a cell, as rule, fix and code of a problem. */
export function refusal(key: CapabilityKey, target: Target): { rule: string; fix: string; code: "GP313" } {
  const { component, capability, cells }: Capability = capabilities[key];
  const [what, alternative = ""] = cells[target].how.split("; ");
  return { rule: `${component}: ${capability} is not supported on ${target}: ${what}`, fix: alternative, code: "GP313" };
}
