import type { Problem } from "../../core/problems.ts";
import type { Plan } from "../../preview/plan.ts";

/** What the engine keeps of a stack, as `pulumi stack export` prints it; only what is read here. */
export interface EngineState {
  readonly deployment?: { readonly resources?: readonly { readonly urn: string; readonly type: string; readonly protect?: boolean }[] };
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

/**
 * Data and credentials that the stack has and the plan does not: a component that was taken out, or one that would keep its
 * data elsewhere. The engine refuses to delete them, but only after it has made everything else, what replaces them with
 * nothing in it included. So it is refused before.
 */
export function abandoned({ deployment }: EngineState, plan: Pick<Plan, "resources">, stack: string): Problem[] {
  const planned = new Set(plan.resources.map(({ urn }) => urn));
  const left = (deployment?.resources ?? []).filter(({ urn, protect }) => protect === true && !planned.has(urn));
  return left.map(({ urn, type }) => ({
    component: "stack",
    path: nameOf(urn),
    value: type.split(":").at(-1),
    rule: "data of this stack, or what opens it, which the plan does not have any more: a component was taken out, or would keep its data elsewhere",
    fix: `put it back as it was; or copy the data, and give this up: pulumi state unprotect '${urn}' --stack ${stack}`,
  }));
}
