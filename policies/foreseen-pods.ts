import { byNamespace, namespaceOf, selects } from "./cluster.ts";
import type { Resource, Stack } from "./model.ts";
import { podLabels, podMetadata, workloadTypes } from "./pods.ts";
import { below, record, records, text } from "./read.ts";

const gatewayTypes = ["kubernetes:gateway.networking.k8s.io/v1:Gateway", "kubernetes:gateway.networking.k8s.io/v1beta1:Gateway"];
const issuerTypes = ["kubernetes:cert-manager.io/v1:Issuer", "kubernetes:cert-manager.io/v1:ClusterIssuer"];

type Labels = Readonly<Record<string, unknown>>;

/** A controller makes the pods of a Gateway, with its name and the labels that it hands on (Gateway API, `spec.infrastructure`). */
const labelsOfGateway = ({ inputs }: Resource): Labels => ({
  ...record(below(inputs, "spec.infrastructure.labels")),
  "gateway.networking.k8s.io/gateway-name": text(below(inputs, "metadata.name")),
});

/** cert-manager makes pods that answer an authority, wherever a certificate is. */
const solvers = (stack: Stack): Labels[] =>
  stack.ofType(...issuerTypes).some(({ inputs }) => records(below(inputs, "spec.acme.solvers")).some(([, solver]) => solver.http01 !== undefined))
    ? [{ "acme.cert-manager.io/http01-solver": "true" }]
    : [];

/** Labels of the pods of each namespace: of the workloads of the plan, and of those that controllers make out of other objects in it. */
export function labelsByNamespace(stack: Stack): ReadonlyMap<string, readonly Labels[]> {
  const workloads = byNamespace(stack, workloadTypes);
  const gateways = byNamespace(stack, gatewayTypes);
  const names = new Set([...workloads.keys(), ...gateways.keys()]);
  return new Map(
    [...names].map((name) => [
      name,
      [...(workloads.get(name) ?? []).map(podLabels), ...(gateways.get(name) ?? []).map(labelsOfGateway), ...solvers(stack)],
    ]),
  );
}

/** Pods that are a gateway by what injects them. */
const isGatewayPod = (workload: Resource): boolean => podMetadata(workload).some(([, entries]) => entries["inject.istio.io/templates"] === "gateway");

/** Whether an object of the mesh is about pods that take requests from outside: a Gateway that it names, or pods that it selects. */
export function isAboutGateway(resource: Resource, stack: Stack): boolean {
  const { selector, targetRef, targetRefs } = record(resource.inputs.spec);
  const targets = [record(targetRef), ...records(targetRefs).map(([, target]) => target)].filter(({ kind }) => kind !== undefined);
  if (targets.length > 0) return targets.every(({ kind }) => kind === "Gateway");
  const namespace = namespaceOf(resource, stack);
  const chosen = (labels: Labels) => selector !== undefined && selects(selector, labels);
  const gateways = [
    ...(byNamespace(stack, gatewayTypes).get(namespace) ?? []).map(labelsOfGateway),
    ...(byNamespace(stack, workloadTypes).get(namespace) ?? []).filter(isGatewayPod).map(podLabels),
  ];
  const others = (byNamespace(stack, workloadTypes).get(namespace) ?? []).filter((workload) => !isGatewayPod(workload)).map(podLabels);
  return gateways.some(chosen) && !others.some(chosen);
}
