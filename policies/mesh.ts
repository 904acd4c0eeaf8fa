import { namespaceKey, namespaceOf, namespaceType } from "./cluster.ts";
import type { Resource, Stack } from "./model.ts";
import { below, record } from "./read.ts";

/** Type tokens of a kind of Istio in all its versions. */
export const istio = (group: "security" | "networking", kind: string): readonly string[] =>
  ["v1", "v1beta1", "v1alpha3"].map((version) => `kubernetes:${group}.istio.io/${version}:${kind}`);

const istioTypes = ["kubernetes:security.istio.io/*", "kubernetes:networking.istio.io/*"];

/** Where Istio keeps what holds for the whole mesh. */
export const rootNamespace = "istio-system";

export type Membership = "sidecar" | "ambient" | "disabled" | "none";

/** What the labels of a Namespace say about the mesh. */
export function membership(namespace: Resource): Membership {
  const labels = record(below(namespace.inputs, "metadata.labels"));
  if (labels["istio.io/dataplane-mode"] === "ambient") return "ambient";
  if (labels["istio-injection"] === "disabled") return "disabled";
  return labels["istio-injection"] === "enabled" || labels["istio.io/rev"] !== undefined ? "sidecar" : "none";
}

export const isMember = (namespace: Resource): boolean => ["sidecar", "ambient"].includes(membership(namespace));

/** Namespaces of a stack that are in the mesh by their label, or by objects of Istio that stand in them. */
export function meshNamespaces(stack: Stack): readonly Resource[] {
  const used = new Set(stack.ofType(...istioTypes).map((resource) => namespaceOf(resource, stack)));
  return stack
    .ofType(namespaceType)
    .filter((namespace) => namespaceKey(namespace) !== rootNamespace && (isMember(namespace) || used.has(namespaceKey(namespace))));
}

/** Whether a stack has to do with Istio at all. */
export const usesIstio = (stack: Stack): boolean => stack.ofType(...istioTypes).length > 0 || stack.ofType(namespaceType).some(isMember);

/** Objects of the mesh that hold for a whole namespace: those in it and those of the root namespace, which select nothing. */
export function holdingFor(namespace: Resource, stack: Stack, types: readonly string[]): readonly Resource[] {
  return stack.ofType(...types).filter((resource) => {
    const { selector, workloadSelector, targetRef, targetRefs } = record(resource.inputs.spec);
    if (selector ?? workloadSelector ?? targetRef ?? targetRefs) return false;
    return [namespaceKey(namespace), rootNamespace].includes(namespaceOf(resource, stack));
  });
}
