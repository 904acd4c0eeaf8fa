import { unknownCheckingProxy } from "@pulumi/policy";
import type { Resource } from "../../policies/model.ts";

/** What the engine sends in place of a value that is not known before a deployment. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The resources with the input at `<name>: <path>` not known yet, as a pack sees them in a preview. */
export function unknown(resources: readonly Resource[], place: string): Resource[] {
  const [name = "", path = ""] = place.split(": ");
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  const set = (inner: unknown, [key = "", ...rest]: readonly string[]): unknown => {
    const value = (old: unknown) => (rest.length > 0 ? set(old, rest) : unknownValue);
    if (Array.isArray(inner)) return inner.map((entry, index) => (String(index) === key ? value(entry) : entry));
    return { ...(inner as Record<string, unknown>), [key]: value((inner as Record<string, unknown>)[key]) };
  };
  return resources.map((resource) =>
    resource.name === name ? { ...resource, inputs: unknownCheckingProxy(set(resource.inputs, keys)) as Resource["inputs"] } : resource,
  );
}
