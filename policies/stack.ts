import type { Resource, Stack } from "./model.ts";
import { list, peek, record } from "./read.ts";

/** `kubernetes:apps/v1:*` fits every type that begins so. */
export const fits = (type: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern));

/** A list of objects of Kubernetes stands for what is in it: a policy sees each entry as a resource of its own. */
export const withEntries = (resources: readonly Resource[]): readonly Resource[] => resources.flatMap(entriesOf);

function entriesOf(resource: Resource): readonly Resource[] {
  const [, type] = /^(kubernetes:.+:\w+)List$/.exec(resource.type) ?? [];
  if (type === undefined) return [resource];
  const items = list(peek(resource.inputs, "items"));
  // While an entry is not known, only the list as such can be looked at.
  if (items.length === 0 || items.some((item) => typeof item !== "object")) return [resource];
  return list(resource.inputs.items).map((item, index) => {
    const within = `items[${index}]`;
    const inside = (paths: readonly string[]) => paths.filter((path) => path.startsWith(`${within}.`)).map((path) => path.slice(within.length + 1));
    const { ignoreChanges, secretInputs } = resource;
    const whole = secretInputs?.some((path) => path === "items" || path === within);
    return {
      ...resource,
      type,
      within,
      inputs: record(item),
      ignoreChanges: inside(ignoreChanges),
      secretInputs: secretInputs && (whole ? Object.keys(record(item)) : inside(secretInputs)),
    };
  });
}

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
