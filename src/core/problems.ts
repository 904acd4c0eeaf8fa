import { stripVTControlCharacters } from "node:util";
import type { ErrorCode, ProblemCode } from "./errors.ts";
import { isToldBeside, secretLike, withoutTold } from "./plain-secrets.ts";

export { looksSecret } from "./plain-secrets.ts";

/** One thing that is wrong with the plan: what, where, the value, the rule, the fix. Never holds a secret. */
export interface Problem {
  /** Component the problem belongs to, or `stack` for the stack configuration. */
  readonly component: string;
  /** Path of the argument below that component, e.g. `streams.ORDERS.subjects[0]`. */
  readonly path: string;
  /** The offending value as the user wrote it; `undefined` when it is missing. */
  readonly value: unknown;
  /** What is allowed. */
  readonly rule: string;
  /** What to change. */
  readonly fix: string;
  /** Where the value came from (file, environment variable) when that is not the topology. */
  readonly origin?: string;
  /** Its kind, in the catalogue of errors. @default "GP310", a value that is not allowed */
  readonly code?: ProblemCode;
}

export const codeOf = ({ code = "GP310" }: Problem): ProblemCode => code;

const longestValue = 80;

/** The value as it may be shown: short, on one line, and masked when its path says that it could be a secret. */
export function shownValue(path: string, value: unknown): string {
  if (value === undefined) return "missing";
  if (secretLike.test(path)) return "[hidden]";
  const text = jsonOf(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

/** The value as it may be written for programs: whole, with the same things hidden. */
export const openValue = (path: string, value: unknown): unknown =>
  value === undefined ? null : secretLike.test(path) ? "[hidden]" : (JSON.parse(jsonOf(value)) as unknown);

/**
 * JSON without what is below a name that could be a secret or beside one, without private keys, and without passwords and tokens
 * inside URLs and among options.
 */
function jsonOf(value: unknown): string {
  function masked(this: unknown, key: string, inner: unknown) {
    if (key !== "" && (secretLike.test(key) || isToldBeside(this, key))) return "[hidden]";
    if (typeof inner === "bigint") return `${inner}n`;
    if (typeof inner !== "string") return inner;
    return /-----BEGIN [A-Z ]*PRIVATE KEY/.test(inner)
      ? "[hidden]"
      : withoutTold(inner.replace(/(:\/\/(?:[^\s:/@]*:)?).*@/s, "$1[hidden]@"), "[hidden]");
  }
  try {
    return JSON.stringify(value, masked) ?? String(value);
  } catch {
    return `[${typeof value}]`; // refers to itself
  }
}

function formatProblem(problem: Problem, last: ErrorCode | undefined): string {
  const where = problem.path ? `${problem.component}: ${problem.path}` : problem.component;
  const code = codeOf(problem);
  const origin = problem.origin ? ` (from ${problem.origin})` : "";
  return `${where} = ${shownValue(problem.path, problem.value)}${origin}\n    rule  ${problem.rule}\n    fix   ${problem.fix}${code === last ? "" : `\n    code  ${code}`}`;
}

/**
 * Output of a container as it may be shown: passwords in URLs and everything in the form of a generated credential are
 * hidden, whoever generated it and whoever printed it. So are the control characters with which it would steer a terminal.
 */
export const shownLog = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/(:\/\/[^\s:/@]*:)[^\s@]+@/g, "$1[hidden]@")
    .replace(/(?<![A-Za-z0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])/g, "[hidden]");

/** Everything that is wrong, for a person. `last`: the code that is said once behind all of it, and therefore of none. */
export function formatProblems(problems: readonly Problem[], where = "in the plan; nothing was created", last?: ErrorCode): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${count} ${where}`, ...problems.map((p) => `  ${formatProblem(p, last)}`)].join("\n");
}

/** All problems of a plan, thrown once. */
export class PlanProblems extends Error {
  /** Everything that is wrong, each with its fix. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.name = "PlanProblems";
    this.problems = problems;
  }
}

/** The nearest known word, for "did you mean". */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known.map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }));
  scored.sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Letters to insert, drop, change, or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1] ?? [];
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : substitution;
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution, swap));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
