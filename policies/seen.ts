import type { Evaluation, Finding } from "./evaluate.ts";
import type { Resource, Stage } from "./model.ts";

/** What a pack has seen so far: one process serves one deployment, and the engine shows it one resource after another. */
export interface Seen {
  /**
   * Inputs of the resources that were looked at, by URN. For a policy over the stack the engine sends outputs instead, in
   * which the provider has filled in what the program left open, and much of that is not known before the deployment. So
   * these see what the others saw; outputs stand in only for a resource that was never looked at by itself.
   */
  readonly inputs: Map<string, Resource["inputs"]>;
  /** Policies that the engine called, also where there was nothing for them to look at, with the stage that each stands at. */
  readonly called: Map<string, Stage>;
  readonly looks: Map<string, Look>;
}

/** One policy at one resource, or at the stack. */
export interface Look {
  readonly policy: string;
  readonly urn: string | undefined;
  readonly stage: Stage;
  readonly level: Finding["level"];
  readonly findings: Finding[];
  /** Why it did not come to its end, such as a value that is not known; undefined once it has. */
  reason: string | undefined;
}

export const nothingSeen = (): Seen => ({ inputs: new Map(), called: new Map(), looks: new Map() });

/** Notes that a policy begins to look; a second look at the same place replaces the first. */
export function beginLook(seen: Seen, at: Pick<Look, "policy" | "urn" | "stage" | "level">): Look {
  const look: Look = { ...at, findings: [], reason: undefined };
  seen.looks.set(`${at.policy} ${at.urn ?? ""}`, look);
  return look;
}

/** What the policies that stand at a stage found in the resources of a stack, as the evaluation of a plan tells it. */
export function evaluationOf({ called, looks }: Seen, stage: Stage, urns: ReadonlySet<string>): Evaluation {
  const here = [...looks.values()].filter((look) => look.stage === stage && (look.urn === undefined || urns.has(look.urn)));
  const ids = [...called].flatMap(([id, at]) => (at === stage ? [id] : []));
  return {
    stage,
    findings: here.flatMap(({ findings }) => findings),
    notRun: here.flatMap(({ policy, level, urn, reason }) => (reason === undefined ? [] : [{ policy, level, urn, reason }])),
    looked: Object.fromEntries(ids.map((id) => [id, here.filter(({ policy }) => policy === id).length])),
  };
}
