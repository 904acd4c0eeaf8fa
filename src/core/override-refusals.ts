import { isPlain } from "./override-merge.ts";
import { awsRefusals } from "./override-refusals/aws.ts";
import { dockerRefusals } from "./override-refusals/docker.ts";
import { kubernetesRefusals } from "./override-refusals/kubernetes.ts";
import type { Refusal } from "./override-refusals/refusal.ts";
import type { Target } from "./platform.ts";

/** By target; all of them are looked at on every target. */
const refusals: Readonly<Record<Target, readonly Refusal[]>> = { docker: dockerRefusals, kubernetes: kubernetesRefusals, aws: awsRefusals };

/** Something that was set and is refused: where, as it was written, and what is said of it. */
interface Touched extends Pick<Refusal, "why" | "fix"> {
  readonly path: string;
}

/** The inputs that what is laid over a child would touch, each once. */
export function touched(target: Target, kind: string, over: unknown): readonly Touched[] {
  const found = new Map<string, Touched>();
  for (const { kinds, path, except, why, fix } of refusals[target]) {
    if (kinds && !kinds.some((one) => matches(one, kind))) continue;
    for (const at of except ? outside(over, except) : touches(over, path)) {
      const where = at.join(".");
      if (!found.has(where)) found.set(where, { path: where, why, fix });
    }
  }
  return [...found.values()];
}

type Path = readonly string[];

/** Paths by which it sets the input, or replaces what the input is a part of. */
function touches(over: unknown, [word, ...rest]: Path): Path[] {
  if (word === undefined) return [[]];
  if (word === "[]") {
    // Entries are merged by their names; any other list replaces the one that there is.
    if (!Array.isArray(over) || !over.every((entry) => isPlain(entry) && typeof entry.name === "string")) return [["[]", ...rest]];
    return over.flatMap((entry: Record<string, unknown>) => touches(entry, rest).map((path) => [`[${String(entry.name)}]`, ...path]));
  }
  if (!isPlain(over)) return [[word, ...rest]];
  return Object.keys(over)
    .filter((key) => matches(word, key))
    .flatMap((key) => touches(over[key], rest).map((path) => [key, ...path]));
}

/** Paths of everything that is set and none of these. */
function outside(over: unknown, open: readonly Path[]): Path[] {
  if (!isPlain(over)) return [["*"]];
  return Object.keys(over).flatMap((key) => {
    const further = open.filter(([word = ""]) => matches(word, key)).map(([, ...rest]) => rest);
    if (further.some(({ length }) => length === 0)) return [];
    if (further.length === 0 || !isPlain(over[key])) return [[key]];
    return outside(over[key], further).map((path) => [key, ...path]);
  });
}

/** Whether a word is one of those that the other stands for. */
function matches(pattern: string, word: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return pattern === word;
  if (!word.startsWith(first) || word.length < first.length + last.length || !word.endsWith(last)) return false;
  const between = word.slice(first.length, word.length - last.length);
  return parts.reduce<number>((at, part) => (at < 0 ? at : between.indexOf(part, at) < 0 ? -1 : between.indexOf(part, at) + part.length), 0) >= 0;
}
