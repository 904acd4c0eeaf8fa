import type { PlacedBreach, Resource, Stack } from "./model.ts";
import { below, list, record, records, text } from "./read.ts";

export const namespaceType = "kubernetes:core/v1:Namespace";
export const serviceType = "kubernetes:core/v1:Service";

export const nameOf = ({ inputs }: Resource): string | undefined => text(below(inputs, "metadata.name"));

/** What stands for a Namespace in comparisons: its name, or its URN while the engine chooses the name. */
export const namespaceKey = (namespace: Resource): string => nameOf(namespace) ?? namespace.urn;

/** The namespace that an object is in, also where the program took the name from the Namespace. */
export function namespaceOf(resource: Resource, stack: Stack): string {
  const [made, ...others] = stack.referred(resource, [namespaceType], "metadata");
  if (made && others.length === 0) return namespaceKey(made);
  return text(below(resource.inputs, "metadata.namespace")) ?? "default";
}

/** Resources of these types by the namespace that they are in. */
export function byNamespace(stack: Stack, types: readonly string[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of stack.ofType(...types)) {
    const namespace = namespaceOf(resource, stack);
    groups.set(namespace, [...(groups.get(namespace) ?? []), resource]);
  }
  return groups;
}

/** Whether every label of a plain selector is there. */
export const hasLabels = (labels: Readonly<Record<string, unknown>>, wanted: unknown): boolean =>
  Object.entries(record(wanted)).every(([name, value]) => labels[name] !== undefined && String(labels[name]) === String(value));

/** Whether a label selector selects these labels. An empty one selects everything, none at all nothing. */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  if (selector === undefined || selector === null) return false;
  const { matchLabels, matchExpressions } = record(selector);
  return hasLabels(labels, matchLabels) && records(matchExpressions).every(([, expression]) => holds(expression, labels));
}

function holds({ key, operator, values }: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, unknown>>): boolean {
  const value = labels[String(key)];
  const among = value !== undefined && list(values).some((each) => String(each) === String(value));
  if (operator === "In") return among;
  if (operator === "NotIn") return !among;
  return operator === "Exists" ? value !== undefined : value === undefined;
}

export const selectsAll = (selector: unknown): boolean =>
  Object.keys(record(record(selector).matchLabels)).length === 0 && list(record(selector).matchExpressions).length === 0;

/** A Helm release makes objects that no program and no plan shows: what is missing may be made by it. */
export const hasUnseenObjects = (stack: Stack): boolean => stack.ofType("kubernetes:helm.sh/*").length > 0;

/** One after the other, and a value that is not known is told only after the last: it does not hide what the others find. */
export function* inTurn(parts: readonly Iterable<PlacedBreach>[]): Generator<PlacedBreach> {
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      yield* part;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

export const each = (resources: readonly Resource[], look: (resource: Resource) => Generator<PlacedBreach>): Generator<PlacedBreach> =>
  inTurn(resources.map(look));
