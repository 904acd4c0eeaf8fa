import type { Plan, PlanResource } from "../../../../src/preview/plan.ts";
import { access } from "./access.ts";
import { alarms } from "./alarms.ts";
import { backup } from "./backup.ts";
import { compute } from "./compute.ts";
import { data } from "./data.ts";
import { gateway } from "./gateway.ts";
import { type Look, lookAt, type StageFacts } from "./look.ts";
import { network } from "./network.ts";
import type { Fault, Rows, Rule } from "./rule.ts";
import { storage } from "./storage.ts";
import { watching } from "./watching.ts";

/** What is asked of every resource, by type. A type is in one area, and its alarms in another. */
export const rows: Rows = (() => {
  const all: Record<string, readonly Rule[] | string> = {};
  for (const area of [network, compute, data, storage, backup, gateway, watching, access]) {
    for (const [type, row] of Object.entries(area)) {
      if (type in all) throw new Error(`${type} has two rows`);
      all[type] = row;
    }
  }
  for (const [type, row] of Object.entries(alarms)) all[type] = [...((all[type] ?? []) as readonly Rule[]), ...(row as readonly Rule[])];
  return all;
})();

export interface Finding {
  readonly type: string;
  readonly name: string;
  readonly says: string;
}

/** What does not hold, of every resource of a plan; a type without a row does not hold as a whole. */
export function broken(plan: Plan, stage: StageFacts): Finding[] {
  const look = lookAt(plan, stage);
  return plan.resources.flatMap((it) => {
    const row = rows[it.type];
    if (row === undefined) return [{ type: it.type, name: it.name, says: "its type has a row" }];
    if (typeof row === "string") return [];
    return row.filter(({ of = () => true, holds }) => of(it, look) && !holds(it, look)).map(({ says }) => ({ type: it.type, name: it.name, says }));
  });
}

/** Inputs with another value at a path. */
function put(value: unknown, [key = "", ...rest]: readonly string[], to: unknown, look: Look): unknown {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  const next = rest.length > 0 ? put(copy[key], rest, to, look) : typeof to === "function" ? to(copy[key], look) : to;
  if (next === undefined && !Array.isArray(copy)) delete copy[key];
  else copy[key] = next;
  return copy;
}

/** The plan with a fault in it; throws where that changes nothing. */
export function planted(plan: Plan, type: string, { of: asked = () => true }: Rule, fault: Fault, stage: StageFacts): Plan {
  const look = lookAt(plan, stage);
  const first = look.of(type).find((of) => asked(of, look));
  if (first === undefined) throw new Error(`no ${type} of the plan is asked`);
  const change = (of: PlanResource): PlanResource => ({
    ...of,
    ...fault.resource,
    inputs: Object.entries(fault.inputs ?? {}).reduce<PlanResource["inputs"]>(
      (inputs, [path, to]) => put(inputs, path.split("."), to, look) as PlanResource["inputs"],
      of.inputs,
    ),
  });
  let hits = 0;
  const resources = plan.resources.flatMap((of) => {
    if (!(fault.at ? fault.at(of, first) : of === first)) return [of];
    const now = fault.gone ? [] : [change(of)];
    if (JSON.stringify(now) !== JSON.stringify([of])) hits += 1;
    return now;
  });
  if (hits === 0) throw new Error(`the fault changes nothing: ${JSON.stringify(fault)}`);
  return { ...plan, resources };
}
