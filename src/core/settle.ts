import { isRecord, problemsOf, type Rules, shape } from "./checks.ts";
import { componentName } from "./naming.ts";
import type { Required, Settled } from "./platform.ts";
import { nearest, type Problem } from "./problems.ts";
import type { EnvironmentOverride, StackSettings } from "./settings.ts";

/**
 * Lays the stack's settings over the arguments of one component, environment variables last, and checks the result.
 * Only the arguments that something overrides get an origin: the rest is where the topology is.
 */
export function settleArgs<A extends object>(
  settings: StackSettings,
  name: string,
  args: A,
  rules: Rules<A>,
  required: Required<A> = [],
): Settled<A> {
  const origins: Record<string, string> = {};
  const fromYaml = settings.components[name] ?? {};
  for (const key of Object.keys(fromYaml)) origins[key] = inYaml(settings.origins, name, key);
  let settled = merge(args as Record<string, unknown>, fromYaml);
  for (const override of settings.environmentOverrides) {
    if (!sameWord(override.path[0] ?? "", name)) continue;
    const path = knownPath(override, settled, Object.keys(rules));
    settled = merge(settled, nest(path, override.value));
    origins[path.join(".")] = `environment ${override.variable}`;
  }
  const findings = [
    ...componentName(name, "name"),
    ...shape(rules, typeof required === "function" ? required(settled as Partial<A>) : required)(settled, ""),
  ];
  return { args: settled as A, profile: settings.profile, origins, problems: problemsOf(name, findings, origins) };
}

/**
 * Problems of one component, those included that only its target finds, with where the value was written. As everywhere, the
 * environment stands over the stack file, and what neither says is where the topology is.
 */
export function withOrigins({ components, environmentOverrides, origins }: StackSettings, name: string, problems: readonly Problem[]): Problem[] {
  const fromYaml = Object.keys(components[name] ?? {});
  return problems.map((problem) => {
    if (problem.origin !== undefined || problem.component !== name) return problem;
    const words = problem.path.split(".").map((word) => word.replace(/\[.*$/, ""));
    const override = environmentOverrides.findLast(
      ({ path: [component = "", ...path] }) => sameWord(component, name) && path.every((word, index) => sameWord(word, words[index] ?? "")),
    );
    if (override) return { ...problem, origin: `environment ${override.variable}` };
    const [key = ""] = words;
    return fromYaml.includes(key) ? { ...problem, origin: inYaml(origins, name, key) } : problem;
  });
}

const inYaml = ({ components = "stack settings" }: StackSettings["origins"], name: string, key: string) => `${components} components.${name}.${key}`;

/** Overrides that name a component which the topology does not have. */
export function strayOverrides(settings: StackSettings, names: readonly string[]): Problem[] {
  const fix = (name: string) => {
    const guess = nearest(name, names);
    return guess ? `did you mean ${guess}?` : `remove it; the topology has ${names.join(", ") || "no components"}`;
  };
  const stray = (name: string, origin: string): Problem => ({
    component: "stack",
    path: `components.${name}`,
    value: name,
    rule: "the name of a component of this topology",
    fix: fix(name),
    origin,
    code: "GP318",
  });
  return [
    ...Object.keys(settings.components)
      .filter((name) => !names.includes(name))
      .map((name) => stray(name, settings.origins.components ?? "stack settings")),
    ...settings.environmentOverrides
      .filter(({ path }) => !names.some((name) => sameWord(path[0] ?? "", name)))
      .map(({ path, variable }) => stray((path[0] ?? "").toLowerCase(), `environment ${variable}`)),
  ];
}

/** Components that are to be retired, and that the topology does not have. */
export function strayRetired({ retired, origins }: StackSettings, names: readonly string[]): Problem[] {
  return retired
    .filter((name) => !names.includes(name))
    .map((name) => {
      const guess = nearest(name, names);
      const fix = guess ? `did you mean ${guess}?` : "remove it: what is gone needs it no more";
      const origin = origins.retired ?? "stack settings";
      return {
        component: "stack",
        path: "retired",
        value: name,
        rule: "the name of a component of this topology",
        fix,
        origin,
        code: "GP318" as const,
      };
    });
}

/** What nobody should forget about a component that is retired and still there. */
export const retiredWarnings = ({ retired }: StackSettings, names: readonly string[]): string[] =>
  retired
    .filter((name) => names.includes(name))
    .map((name) => `${name}: retired: its data is not protected any more; it goes with the component, and with the stack when that is taken down`);

/** Deep merge of plain records; lists and everything else are replaced, and null takes a key away, as in a JSON merge patch (RFC 7396). */
function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isPlain(before) && isPlain(value) ? merge(before, value) : value);
  }
  // Made from entries: an assignment to a key like __proto__ would change the object instead of being reported.
  return Object.fromEntries(merged);
}

const isPlain = (value: unknown): value is Record<string, unknown> => isRecord(value) && Object.getPrototypeOf(value) === Object.prototype;

/** `["DB", "STORAGE_GIB"]` -> `["storageGiB"]`: words are compared without case, hyphens and underscores. */
function knownPath(override: EnvironmentOverride, args: Record<string, unknown>, names: readonly string[]): string[] {
  const path: string[] = [];
  let here: unknown = args;
  for (const [depth, word] of override.path.slice(1).entries()) {
    const known = [...(depth === 0 ? names : []), ...(isRecord(here) ? Object.keys(here) : [])];
    const key = known.find((candidate) => sameWord(candidate, word)) ?? (path[0] === "env" ? word : camelCase(word));
    path.push(key);
    here = isRecord(here) ? here[key] : undefined;
  }
  return path;
}

const nest = (path: readonly string[], value: unknown): Record<string, unknown> =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;

/** `INTERVAL_SECONDS` -> `intervalSeconds`: how arguments are spelled. */
const camelCase = (word: string) => word.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const sameWord = (a: string, b: string) => plainWord(a) === plainWord(b);
const plainWord = (word: string) => word.toLowerCase().replace(/[-_]/g, "");
