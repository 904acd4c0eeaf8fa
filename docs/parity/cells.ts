import { type Capability, type CapabilityKey, type Cell, capabilities } from "../../src/core/capabilities.ts";
import type { Target } from "../../src/core/platform.ts";

/** What a ground makes of an argument. */
export type ArgumentState = "honoured" | "translated" | "refused";

export interface ArgumentCell {
  readonly state: ArgumentState;
  /** What becomes of it; for a refusal, the words of the problem. */
  readonly how: string;
  /** Row of the capability matrix that the cell comes from. */
  readonly capability?: CapabilityKey;
  /** Set when there is nothing to do for it on that ground, and nothing is lost by that. */
  readonly idle?: true;
}

export type ArgumentRow = Readonly<Record<Target, ArgumentCell>>;

/** In full, by the means of that ground. */
export const honoured = (how: string): ArgumentCell => ({ state: "honoured", how });

/** By something else than what the argument names, or in part: then a warning tells it when the argument is given. */
export const translated = (how: string): ArgumentCell => ({ state: "translated", how });

const states = { yes: "honoured", coarser: "translated", refused: "refused" } as const;

/** Nothing has to be done for it, and the plan is the same with it and without. */
export const notNeeded = (how: string): ArgumentCell => ({ state: "translated", how: `not needed: ${how}`, idle: true });

/** A cell as another table of the library has it. */
export const cellOf = ({ state, how }: Cell): ArgumentCell => ({ state: states[state], how });

/** As that row of the capability matrix says: nothing is written twice. */
export function byMatrix(capability: CapabilityKey, target: Target): ArgumentCell {
  const { cells }: Capability = capabilities[capability];
  return { ...cellOf(cells[target]), capability };
}

/** All three grounds by one row of the matrix. */
export const asMatrix = (capability: CapabilityKey): ArgumentRow => ({
  docker: byMatrix(capability, "docker"),
  kubernetes: byMatrix(capability, "kubernetes"),
  aws: byMatrix(capability, "aws"),
});

/** Three cells; text alone is honoured. */
export const row = (docker: ArgumentCell | string, kubernetes: ArgumentCell | string, aws: ArgumentCell | string): ArgumentRow => ({
  docker: asCell(docker),
  kubernetes: asCell(kubernetes),
  aws: asCell(aws),
});

/** The same on every ground. */
export const everywhere = (how: string) => row(how, how, how);

const asCell = (cell: ArgumentCell | string) => (typeof cell === "string" ? honoured(cell) : cell);
