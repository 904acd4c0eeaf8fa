import { componentsOf, type Plan } from "./plan.ts";

/** Who connects where, by workload: `api` -> `["db:5432"]`. */
export type Reaches = ReadonlyMap<string, readonly string[]>;

export const reachesOf = (plan: Plan): Reaches =>
  new Map(componentsOf(plan).flatMap(({ outputs }) => Object.entries((outputs.reaches ?? {}) as Record<string, readonly string[]>)));

/** How each workload says that it can serve, as its component declares it. */
export const probesOf = (plan: Plan): ReadonlyMap<string, string> =>
  new Map(componentsOf(plan).flatMap(({ outputs }) => Object.entries((outputs.probes ?? {}) as Record<string, string>)));

/** The workload that a replica belongs to: itself, or the name before its index. */
export const workloadOf = (reaches: Reaches, replica: string): string => (reaches.has(replica) ? replica : replica.replace(/-\d+$/, ""));

/** Ports of a workload that another one connects to. */
export const boundPorts = (reaches: Reaches, from: string, to: string): number[] =>
  (reaches.get(from) ?? []).filter((target) => target.startsWith(`${to}:`)).map((target) => Number(target.slice(to.length + 1)));
