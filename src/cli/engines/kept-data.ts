import type { Problem } from "../../core/problems.ts";
import type { Plan } from "../../preview/plan.ts";

interface StateResource {
  readonly urn: string;
  /** What the provider calls it; for Docker the id of the container or network. */
  readonly id?: string;
  readonly type: string;
  readonly parent?: string;
  readonly protect?: boolean;
  /** When it was made; one that is replaced is made anew. */
  readonly created?: string;
  /** It is replaced already, and still to be deleted. */
  readonly delete?: boolean;
  readonly inputs?: { readonly name?: string };
}

/** What the engine keeps of a stack, as `pulumi stack export` prints it; only what is read here. */
export interface EngineState {
  readonly deployment?: {
    readonly resources?: readonly StateResource[];
    /** What a run that did not get to its end had begun. */
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
  };
}

/** Of which stack, and how the command is told. */
export interface StackCopy {
  readonly stack: string;
  /** Environment and copy, as arguments of the command: `prod`, or `dev --isolation two`. */
  readonly copy: string;
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
const inLibrary = (type: string) => type.startsWith("groundplan:index:");
const isPlatform = (type: string) => inLibrary(type) && type.endsWith("Platform");

/** The component, or the ground, that a resource is a part of. */
function ownerOf(resource: StateResource, all: ReadonlyMap<string, StateResource>): StateResource | undefined {
  const parent = all.get(resource.parent ?? "");
  return parent === undefined || inLibrary(parent.type) ? parent : ownerOf(parent, all);
}

/**
 * Data and credentials that the stack has and the plan does not: a component that was taken out before it was retired, or
 * one that would keep its data elsewhere. The engine refuses to delete them, but only after it has made everything else,
 * what replaces them with nothing in it included. So it is refused before.
 */
export function abandoned({ deployment }: EngineState, plan: Pick<Plan, "resources">, { stack, copy }: StackCopy): Problem[] {
  const resources = deployment?.resources ?? [];
  const all = new Map(resources.map((resource) => [resource.urn, resource]));
  const planned = new Set(plan.resources.map(({ urn }) => urn));
  const left = resources.filter(({ urn, protect }) => protect === true && !planned.has(urn));
  const takenOut = new Map<StateResource, string[]>();
  const problems: Problem[] = [];
  for (const resource of left) {
    const owner = ownerOf(resource, all);
    if (owner && !planned.has(owner.urn)) takenOut.set(owner, [...(takenOut.get(owner) ?? []), nameOf(resource.urn)]);
    else problems.push(leftBehind(resource, owner, stack));
  }
  return [...[...takenOut].map(([owner, parts]) => removedUnretired(owner, parts, copy)), ...problems];
}

const removedUnretired = ({ urn }: StateResource, parts: readonly string[], copy: string): Problem => ({
  component: nameOf(urn),
  path: "",
  value: parts,
  rule: "data of a component, and what opens it, stays in the topology until it is retired",
  fix: `put ${nameOf(urn)} back, and follow the two steps of: groundplan retire ${nameOf(urn)} --env ${copy}`,
  code: "GP204",
});

function leftBehind({ urn, type }: StateResource, owner: StateResource | undefined, stack: string): Problem {
  const problem = { component: "stack", path: nameOf(urn), value: type.split(":").at(-1), code: "GP204" as const };
  const command = `pulumi state unprotect '${urn}' --stack ${stack}`;
  if (owner && isPlatform(owner.type)) {
    const rule = "what components shared, and nothing in the plan uses any more: snapshots that stay may need it";
    return { ...problem, rule, fix: `leave it in the account, out of this stack: ${command}` };
  }
  const who = owner ? nameOf(owner.urn) : "a component";
  return {
    ...problem,
    rule: `data of this stack, or what opens it, which the plan does not have any more: ${who} would keep its data elsewhere`,
    fix: `put it back as it was; or copy the data, and give this up: ${command}`,
  };
}

/** Which of these, as far as they are there, the state does not protect. One that is to be deleted needs none. */
export function unprotectedOf({ deployment }: EngineState, urns: readonly string[]): string[] {
  const live = (deployment?.resources ?? []).filter((resource) => resource.delete !== true);
  return urns.filter((urn) => live.some((resource) => resource.urn === urn && resource.protect !== true));
}

/** For a person: credentials that the next `down` would delete, with the commands that protect them. */
export const unprotectedText = (urns: readonly string[], { stack, copy }: StackCopy): string[] => [
  `${urns.map(nameOf).join(", ")} could not be protected again: the next down would delete what opens the data. The next up protects it, or:`,
  `  eval "$(groundplan env ${copy})"`,
  ...urns.map((urn) => `  pulumi state protect '${urn}' --stack ${stack} --yes`),
];
