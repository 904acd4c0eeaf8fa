import { codeOf, formatProblems, nearest } from "../core/problems.ts";
import { componentsOf, type Plan } from "../preview/plan.ts";
import { CommandError } from "./exit.ts";

/** Names of the components of a plan, in the order of the topology. */
export const componentNames = (plan: Plan): string[] => componentsOf(plan).map(({ name }) => name);

/** Ends the command when the topology has no such component, with those that it has and the nearest of them. */
export function requireComponent(names: readonly string[], component: string, env: string): void {
  if (!names.includes(component)) throw notOneOf("component", component, names, `a component of ${env}`);
}

/** A word of the command line that is none of those that there are. */
export function notOneOf(path: string, value: string | undefined, names: readonly string[], what: string): CommandError {
  const guess = nearest(value ?? "", names);
  const rule = `${what}: ${names.toSorted().join(", ") || "none"}`;
  const problem = { component: "command", path, value, rule, fix: guess ? `did you mean ${guess}?` : "choose one of these" };
  return new CommandError("GP511", formatProblems([problem], "in the command line; nothing was done", codeOf(problem)), [problem]);
}
