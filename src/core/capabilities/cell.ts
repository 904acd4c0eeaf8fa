import type { Target } from "../platform.ts";

/** What a target makes of one capability. `refused` is an error at plan time that names the alternative. */
export interface Cell {
  readonly state: "yes" | "coarser" | "refused";
  /** How it is realised, in what way it is coarser, or what to do instead. */
  readonly how: string;
}

export interface Capability {
  readonly component: string;
  readonly capability: string;
  readonly cells: Readonly<Record<Target, Cell>>;
}

export const yes = (how: string): Cell => ({ state: "yes", how });
export const coarser = (how: string): Cell => ({ state: "coarser", how });
export const refused = (how: string): Cell => ({ state: "refused", how });

export const row = (component: string, capability: string, docker: Cell, kubernetes: Cell, aws: Cell): Capability => ({
  component,
  capability,
  cells: { docker, kubernetes, aws },
});
