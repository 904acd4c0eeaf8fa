import { looksSecret } from "../core/problems.ts";

/** Shorter values are words that stand everywhere: hiding them would hide nothing and spoil the text. */
const shortestSecret = 6;

/** Values that must not be shown, by the variables that hold them: by their names, and passwords in URLs. The longest first: one may be part of another. */
export function secretValues(variables: Readonly<Record<string, string | undefined>>): string[] {
  const found = Object.entries(variables).flatMap(([name, value = ""]) => {
    const inUrl = /:\/\/[^\s:/@]*:([^\s@]+)@/.exec(value)?.[1];
    return [...(looksSecret(name) ? [value] : []), ...(inUrl ? [inUrl, decoded(inUrl)] : [])];
  });
  return worthHiding(found);
}

/** Each once, the longest first, without those that are too short. */
export const worthHiding = (values: readonly string[]): string[] =>
  [...new Set(values)].filter((value) => value.trim().length >= shortestSecret).toSorted((a, b) => b.length - a.length);

/** `NAME=value` of a container. */
export const variablesOf = (env: readonly string[]): Record<string, string> =>
  Object.fromEntries(env.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
