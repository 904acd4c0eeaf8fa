import type { Resource, Stack } from "./model.ts";

/** `kubernetes:apps/v1:*` fits every type that begins so. */
export const fits = (type: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern));

/** The ways between resources come from what the program said, so they are known before anything is made. */
export function stackOf(resources: readonly Resource[]): Stack {
  const urns = new Map(resources.map((resource) => [resource.urn, resource]));
  const ofType = (...types: readonly string[]) => resources.filter(({ type }) => fits(type, types));
  const sources = ({ propertyDependencies }: Resource, input: string | undefined) =>
    input === undefined ? Object.values(propertyDependencies).flat() : (propertyDependencies[input] ?? []);
  return {
    resources,
    ofType,
    byUrn: (urn) => urns.get(urn),
    referring: (target, types, input) => ofType(...types).filter((resource) => sources(resource, input).includes(target.urn)),
    referred: (from, types, input) =>
      [...new Set(sources(from, input))].flatMap((urn) => urns.get(urn) ?? []).filter(({ type }) => fits(type, types)),
    children: (parent) => resources.filter((resource) => resource.parent === parent.urn),
  };
}
