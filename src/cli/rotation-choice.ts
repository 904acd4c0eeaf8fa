import { nearest, type Problem } from "../core/problems.ts";
import type { Plan } from "../preview/plan.ts";
import type { ComponentCredentials } from "../preview/rotation.ts";
import { componentNames, notOneOf } from "./components.ts";
import { badConfiguration, type CommandError } from "./exit.ts";

export interface RotationAsked {
  readonly env: string;
  readonly component: string;
  readonly only?: string;
}

/** The credentials that a rotation is asked for; ends the command with what there is when there is nothing of that name. */
export function chosenCredentials(all: readonly ComponentCredentials[], plan: Plan, { env, component, only }: RotationAsked): ComponentCredentials {
  const found = all.find((each) => each.component === component);
  if (!found) throw unknownComponent(all, plan, env, component);
  if (only === undefined) {
    if (found.rotated.length > 0) return found;
    throw badConfiguration([
      {
        component,
        path: "credentials",
        value: Object.keys(found.lasting),
        rule: `not one that stays: ${reasons(found)}`,
        fix: "leave them as they are",
      },
    ]);
  }
  const isAsked = (name: string) => name === only || keyOf(component, name) === only;
  const rotated = found.rotated.filter(({ name }) => isAsked(name));
  if (rotated.length > 0) return { ...found, rotated };
  throw badConfiguration([unknownCredential(found, only, isAsked)]);
}

/** `db-app-password` -> `app`. */
const keyOf = (component: string, name: string) => name.slice(component.length + 1).replace(/-password$/, "");

const reasons = ({ lasting }: ComponentCredentials) =>
  Object.entries(lasting)
    .map(([name, reason]) => `${name}: ${reason}`)
    .join("; ");

function unknownComponent(all: readonly ComponentCredentials[], plan: Plan, env: string, component: string): CommandError {
  const names = all.map((each) => each.component);
  const known = componentNames(plan);
  if (!known.includes(component)) return notOneOf("component", component, known, `a component of ${env}`);
  const rule = `a component of ${env} that has credentials of its own: ${names.toSorted().join(", ") || "none"}`;
  return badConfiguration([{ component: "command", path: "component", value: component, rule, fix: "choose one of these" }]);
}

function unknownCredential(found: ComponentCredentials, only: string, isAsked: (name: string) => boolean): Problem {
  const { component, rotated, lasting } = found;
  const names = rotated.map(({ name }) => keyOf(component, name));
  const problem = { component, path: "only", value: only };
  const stays = Object.entries(lasting).find(([name]) => isAsked(name));
  if (stays) return { ...problem, rule: `not one that stays: ${stays[1]}`, fix: `choose one of ${names.join(", ")}` };
  const guess = nearest(only, names);
  return { ...problem, rule: `a credential of ${component}: ${names.join(", ")}`, fix: guess ? `did you mean ${guess}?` : "choose one of these" };
}
