import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "./checks.ts";

/**
 * Inputs with others laid over them. Maps are merged; a list whose entries have names takes entries by their name, as Kubernetes
 * does, and any other list is replaced; null takes an input away.
 */
export function laidOver(base: unknown, over: unknown): unknown {
  if (!isPlain(over) && !isNamedList(over)) return over;
  // What is known later is merged later; whether it is secret stays so.
  if (isLater(base)) return (pulumi.output(base) as pulumi.Output<unknown>).apply((value) => laidOver(value, over));
  if (isPlain(over)) return isPlain(base) ? merged(base, over) : merged({}, over);
  return isNamedList(base) ? byName(base, over) : over;
}

function merged(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) result.delete(key);
    else result.set(key, laidOver(result.get(key), value));
  }
  // Made from entries: an assignment to a key like __proto__ would change the object.
  return Object.fromEntries(result);
}

type Named = Record<string, unknown> & { readonly name: string };

function byName(base: readonly Named[], over: readonly Named[]): unknown[] {
  const kept = base.map((entry) => {
    const other = over.find(({ name }) => name === entry.name);
    return other ? merged(entry, other) : entry;
  });
  return [...kept, ...over.filter(({ name }) => !base.some((entry) => entry.name === name))];
}

const isLater = (value: unknown): value is pulumi.Output<unknown> | Promise<unknown> => pulumi.Output.isInstance(value) || value instanceof Promise;

/** A map that somebody wrote: no Output, no resource, no asset. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  isRecord(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);

const isNamedList = (value: unknown): value is readonly Named[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => isPlain(entry) && typeof entry.name === "string");
