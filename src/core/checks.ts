import type { ProblemCode } from "./errors.ts";
import { nearest, type Problem } from "./problems.ts";

/** Checks one plain value; answers the rule it breaks, or nothing. */
export type Check = (value: unknown, at: string) => readonly Finding[];

export interface Finding {
  readonly path: string;
  readonly value: unknown;
  readonly rule: string;
  readonly fix: string;
  readonly code?: ProblemCode;
}

const one = (path: string, value: unknown, rule: string, fix: string, code?: ProblemCode): Finding[] => [
  { path, value, rule, fix, ...(code ? { code } : {}) },
];

export const integer =
  (min: number, max: number, unit = ""): Check =>
  (value, at) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return [];
    const suffix = unit ? ` ${unit}` : "";
    return one(at, value, `a whole number from ${min} to ${max}${suffix}`, `set ${last(at)} to a number in that range`);
  };

export const decimal =
  (min: number, max: number, unit = ""): Check =>
  (value, at) => {
    if (typeof value === "number" && Number.isFinite(value) && value >= min && value <= max) return [];
    const suffix = unit ? ` ${unit}` : "";
    return one(at, value, `a number from ${min} to ${max}${suffix}`, `set ${last(at)} to a number in that range`);
  };

export const flag: Check = (value, at) =>
  typeof value === "boolean" ? [] : one(at, value, "true or false", `set ${last(at)} to true or false, without quotes`);

export const oneOf =
  (allowed: readonly string[]): Check =>
  (value, at) => {
    if (allowed.includes(value as string)) return [];
    const rule = `one of ${allowed.join(", ")}`;
    if (typeof value === "number" && allowed.includes(String(value))) return one(at, value, rule, `write it in quotes: "${value}"`);
    const guess = typeof value === "string" ? nearest(value, allowed) : undefined;
    return one(at, value, rule, guess ? `did you mean ${guess}?` : `choose ${allowed.join(" or ")}`);
  };

export const matching =
  (pattern: RegExp, rule: string, fix: string, code?: ProblemCode): Check =>
  (value, at) =>
    typeof value === "string" && pattern.test(value) ? [] : one(at, value, rule, fix, code);

export const listOf =
  (check: Check, min = 0): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return one(at, value, "a list", `write ${last(at)} as a list`);
    if (value.length < min) return one(at, value, `at least ${min} entry`, `add an entry to ${last(at)}`);
    return value.flatMap((entry, index) => check(entry, `${at}[${index}]`));
  };

export const mapOf =
  (key: Check, check: Check): Check =>
  (value, at) => {
    if (!isRecord(value)) return one(at, value, "a map of names to settings", `write ${last(at)} as a map`);
    return Object.entries(value).flatMap(([name, entry]) => [
      ...key(name, `${at}.${name}`).map((f) => ({ ...f, rule: `the name must be ${f.rule}` })),
      ...check(entry, `${at}.${name}`),
    ]);
  };

/** Values that are checked by the type system or elsewhere. */
export const anything: Check = () => [];

/** A value that is known now and checked, or later. */
export const inputOf =
  (check: Check): Check =>
  (value, at) =>
    isOutput(value) || value instanceof Promise ? [] : check(value, at);

/** The platform that the topology passes on; a stack file cannot name one. */
export const aPlatform: Check = (value, at) =>
  isRecord(value) && typeof value.realise === "function" ? [] : one(at, value, "the platform of the topology", "remove it: a platform is no setting");

export type Rules<A> = { readonly [K in keyof A]-?: Check };

/** An object with exactly these keys; unknown keys are findings, missing ones only when `required` names them. */
export const shape =
  <A extends object>(rules: Rules<A>, required: readonly (keyof A & string)[] = []): Check =>
  (value, at) => {
    if (!isRecord(value)) return one(at, value, "a map of settings", `write ${last(at) || "it"} as a map`);
    const known = Object.keys(rules);
    const prefix = at ? `${at}.` : "";
    const unknown = Object.keys(value)
      .filter((key) => !known.includes(key))
      .flatMap((key) => {
        const guess = nearest(key, known);
        const fix = guess ? `did you mean ${guess}?` : `remove it, or use one of ${known.join(", ")}`;
        return one(`${prefix}${key}`, value[key], "a known argument", fix, "GP311");
      });
    const missing = required
      .filter((key) => value[key] === undefined)
      .flatMap((key) => one(`${prefix}${key}`, undefined, "required", `give ${key}`, "GP312"));
    const wrong = known
      .filter((key) => value[key] !== undefined)
      .flatMap((key) => (rules as Record<string, Check>)[key]?.(value[key], `${prefix}${key}`) ?? []);
    return [...unknown, ...missing, ...wrong];
  };

export const either =
  (...checks: readonly Check[]): Check =>
  (value, at) => {
    const results = checks.map((check) => check(value, at));
    return results.some((r) => r.length === 0) ? [] : (results.toSorted((a, b) => a.length - b.length)[0] ?? []);
  };

export function problemsOf(component: string, findings: readonly Finding[], origins: Origins = {}): Problem[] {
  return findings.map((finding) => {
    const origin = originOf(finding.path, origins);
    return { component, ...finding, ...(origin ? { origin } : {}) };
  });
}

/** Argument path -> where its value was written. */
export type Origins = Readonly<Record<string, string>>;

function originOf(path: string, origins: Origins): string | undefined {
  const head = Object.keys(origins)
    .filter((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`))
    .toSorted((a, b) => b.length - a.length)[0];
  return head === undefined ? undefined : origins[head];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const last = (at: string) => at.split(".").at(-1) ?? at;

/** By the SDK's own marker, so that whoever only checks settings does not load the SDK. */
const isOutput = (value: unknown): boolean => isRecord(value) && value.__pulumiOutput === true;
