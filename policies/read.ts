import type { Resource } from "./model.ts";

/**
 * Inputs as they come may be of any type: a check reads them through these, so that it says what is wrong instead of
 * throwing. Only an unknown value throws, which the evaluation notes as "could not run".
 */

export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A number, also when it is written as text, as the provider takes it. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Records of a list, with the index of each. */
export const records = (value: unknown): readonly (readonly [index: number, entry: Readonly<Record<string, unknown>>])[] =>
  list(value).map((entry, index) => [index, record(entry)] as const);

/** What lies below a path of plain names: `spec.template.spec`. */
export const below = (value: unknown, path: string): unknown => path.split(".").reduce<unknown>((inner, key) => record(inner)[key], value);

/** `true` as such, or as the text that some providers take. */
export const isTrue = (value: unknown): boolean => value === true || value === "true";

/** A document that is given as JSON text or as a value; undefined when the text is not JSON. */
export function json(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const secretLike = /pass(word|phrase)?|secret|token|credential|api[-_]?key|private[-_]?key/i;

/** A name that could hold a secret; a name of a file, an ARN or a reference to one does not. */
export const looksSecret = (name: string): boolean => secretLike.test(name) && !/(_FILE|_?arns?|_?ids?|_?names?|_?refs?|Path)$/i.test(name);

/** A value as a finding may show it: short, and nothing that could be a secret. */
export function shown(value: unknown): string {
  if (value === undefined) return "is not set";
  if (value === null) return "is null";
  if (Array.isArray(value)) return value.length === 0 ? "is empty" : `is a list of ${value.length}`;
  if (typeof value === "object") return "is an object";
  if (typeof value !== "string") return `is ${String(value)}`;
  if (value === "") return "is empty";
  return value.length > 60 ? `is a text of ${value.length} characters` : `is "${value.replaceAll(/(:\/\/[^\s:/@]*:)[^\s@]+@/g, "$1[hidden]@")}"`;
}

/**
 * An input of which only the presence or the outer form matters, such as the ARN of a key: one that is not known before
 * the deployment is a text here, and does not throw.
 */
export const peek = (inputs: Readonly<Record<string, unknown>>, name: string): unknown => Object.getOwnPropertyDescriptor(inputs, name)?.value;

/** What the engine writes for a text that nobody knows before the deployment. */
export const isUnknown = (value: unknown): boolean => value === "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a record has a value, also when the value itself is not known before the deployment. */
export function isGiven(inputs: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = peek(inputs, name);
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** Whether an input of a resource has a value: also one that comes from a resource whose outputs nobody knows yet. */
export const hasInput = ({ inputs, propertyDependencies }: Resource, name: string): boolean =>
  (propertyDependencies[name]?.length ?? 0) > 0 || isGiven(inputs, name);
