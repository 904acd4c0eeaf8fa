import type { PlanDigest, Release } from "./digest.ts";

/** A resource of the release that an upgrade takes away, or makes anew. */
export interface Replacement {
  readonly env: string;
  /** `type::name`, as the changelog names it. */
  readonly resource: string;
  /** Inputs whose change replaces it; undefined when it is gone. */
  readonly inputs: readonly string[] | undefined;
}

/** What happens to the resources of a release when the plans of today are deployed. What is new replaces nothing. */
export function replacements(before: Release, today: Readonly<Record<string, PlanDigest>>): Replacement[] {
  return Object.entries(before.environments).flatMap(([env, plan]) => ofPlan(env, plan, today[env] ?? {}));
}

function ofPlan(env: string, before: PlanDigest, after: PlanDigest): Replacement[] {
  return Object.entries(before).flatMap(([identity, prints]): Replacement[] => {
    const now = after[identity];
    const resource = shortName(identity);
    if (!now) return [{ env, resource, inputs: undefined }];
    const paths = [...new Set([...Object.keys(prints), ...Object.keys(now)])];
    const inputs = paths.filter((path) => prints[path] !== now[path]).toSorted();
    return inputs.length > 0 ? [{ env, resource, inputs }] : [];
  });
}

/** `parent$type::name` -> `type::name`. */
const shortName = (identity: string) => identity.slice(identity.lastIndexOf("$", identity.indexOf("::")) + 1);

/** The part of the changelog about what is not released yet. */
const unreleased = (changelog: string) => /^## \[Unreleased\]$(.*?)(?=^## \[)/ms.exec(changelog)?.[1] ?? "";

/**
 * Resources that "Preview impact" of the unreleased part names: `type::name` in backticks, where * stands for any text of the name.
 * @throws Error for a pattern that excuses whatever is of a type: a type with *, or a name of * with fewer than three other characters
 */
export function namedInChangelog(changelog: string): readonly string[] {
  const impact = /^### Preview impact$(.*?)(?=^### |$(?![\s\S]))/ms.exec(unreleased(changelog))?.[1] ?? "";
  const patterns = [...impact.matchAll(/`([^`\s]+::[^`\s]+)`/g)].flatMap(([, pattern]) => pattern ?? []);
  const wide = patterns.filter(tooWide);
  if (wide.length > 0) throw new Error(`CHANGELOG.md, Preview impact: ${wide.join(", ")}: name parts by their type and name`);
  return patterns;
}

function tooWide(pattern: string): boolean {
  const [type = "", name = ""] = pattern.split("::");
  return type.includes("*") || (name.includes("*") && name.replaceAll("*", "").length < 3);
}

/** The newest version that the changelog calls released. */
export const lastReleased = (changelog: string): string | undefined => /^## \[(\d[^\]]*)\]/m.exec(changelog)?.[1];

export function isNamed({ resource }: Replacement, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(resource));
}
