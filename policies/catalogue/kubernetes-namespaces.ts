import {
  byNamespace,
  each,
  hasUnseenObjects,
  inTurn,
  namespaceKey,
  namespaceOf,
  namespaceType,
  selects,
  selectsAll,
  serviceType,
} from "../cluster.ts";
import { labelsByNamespace } from "../foreseen-pods.ts";
import type { Policy, Resource } from "../model.ts";
import { podLabels, workloadTypes } from "../pods.ts";
import { below, list, record, shown, text } from "../read.ts";

const networkPolicyTypes = ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:extensions/v1beta1:NetworkPolicy"];
/** Network policies of other makers, which this policy does not read. */
const otherNetworkPolicies = [
  "kubernetes:cilium.io/*",
  "kubernetes:crd.projectcalico.org/*",
  "kubernetes:projectcalico.org/*",
  "kubernetes:policy.networking.k8s.io/*",
];

const networkPolicy: Policy = {
  id: "k8s-network-policy",
  title: "Pods talk only to whom a network policy lets them",
  severity: "high",
  why: "Without a policy every pod of the cluster reaches every other: whoever breaks into one reaches the databases of all teams.",
  fix: "Components bring a policy for each binding, and the Kubernetes ground a default deny; in a raw namespace add a NetworkPolicy with podSelector {} and policyTypes [Ingress, Egress], then one for each way that is needed. Stacks with policies of Cilium or Calico are not looked at.",
  types: [namespaceType, ...workloadTypes, ...networkPolicyTypes],
  scope: "stack",
  references: [
    "KSV-0038",
    "CKV2_K8S_6",
    "CIS Kubernetes 5.3.2",
    "kube-linter non-isolated-pod",
    "kube-linter dangling-networkpolicy",
    "kube-score pod-networkpolicy",
  ],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    if (stack.ofType(...otherNetworkPolicies).length > 0) return;
    const policies = byNamespace(stack, networkPolicyTypes);
    const workloads = byNamespace(stack, workloadTypes);
    const labels = labelsByNamespace(stack);
    yield* inTurn([
      each(stack.ofType(namespaceType), function* (resource) {
        if (!workloads.has(namespaceKey(resource))) return;
        const open = ["Ingress", "Egress"].filter(
          (direction) => !(policies.get(namespaceKey(resource)) ?? []).some((policy) => denies(policy, direction)),
        );
        if (open.length > 0) yield { resource, path: "", is: `has pods and no policy that denies ${open.join(" and ").toLowerCase()} by default` };
      }),
      each(stack.ofType(...workloadTypes), function* (resource) {
        const labels = podLabels(resource);
        const selected = (policies.get(namespaceOf(resource, stack)) ?? []).some(({ inputs }) =>
          selects(below(inputs, "spec.podSelector") ?? {}, labels),
        );
        if (!selected) yield { resource, path: "", is: "has pods that no NetworkPolicy selects: every pod of the cluster reaches them" };
      }),
      each(stack.ofType(...networkPolicyTypes), function* (resource) {
        const selector = below(resource.inputs, "spec.podSelector");
        const pods = labels.get(namespaceOf(resource, stack));
        if (selectsAll(selector) || pods === undefined || hasUnseenObjects(stack)) return;
        if (!pods.some((one) => selects(selector, one))) {
          yield { resource, path: "spec.podSelector", is: "selects none of the pods in its namespace: nothing is guarded by it" };
        }
      }),
    ]);
  },
};

/** Whether it selects all pods and lets nothing through in a direction. Without policyTypes egress counts only where it has rules. */
function denies({ inputs }: Resource, direction: string): boolean {
  const { podSelector, policyTypes, ingress, egress } = record(inputs.spec);
  const types = list(policyTypes).length > 0 ? list(policyTypes) : ["Ingress"];
  return selectsAll(podSelector) && types.includes(direction) && list(direction === "Ingress" ? ingress : egress).length === 0;
}

const sharedNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
const enforce = "pod-security.kubernetes.io/enforce";

const namespacePolicy: Policy = {
  id: "k8s-namespace",
  title: "Workloads live in namespaces of their own that enforce pod security",
  severity: "medium",
  why: "In a shared namespace nobody can tell apart whose objects, rights and quotas are whose; without the label the cluster admits a privileged pod from anybody who may make pods.",
  fix: "The Kubernetes ground makes such a namespace (kubernetes.namespace in the stack file); a raw Namespace gets the label pod-security.kubernetes.io/enforce: restricted, or baseline, and raw objects its name in metadata.namespace.",
  types: [namespaceType, serviceType, ...workloadTypes],
  scope: "stack",
  references: ["KSV-0037", "KSV-0110", "CKV_K8S_21", "CIS Kubernetes 5.2.1", "CIS Kubernetes 5.7.4", "kube-linter use-namespace"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    const elsewhere = stack.ofType("pulumi:providers:kubernetes").some(({ inputs }) => text(inputs.namespace) !== undefined);
    yield* inTurn([
      each(stack.ofType(namespaceType), function* (resource) {
        const level = record(below(resource.inputs, "metadata.labels"))[enforce];
        if (level !== "restricted" && level !== "baseline") {
          yield { resource, path: `metadata.labels["${enforce}"]`, is: `${shown(level)}: the cluster admits privileged pods` };
        }
      }),
      each(stack.ofType(serviceType, ...workloadTypes), function* (resource) {
        const namespace = namespaceOf(resource, stack);
        if (!sharedNamespaces.includes(namespace)) return;
        const written = below(resource.inputs, "metadata.namespace");
        if (written === undefined && elsewhere) return;
        const is =
          written === undefined ? "is not set: it goes where the kubeconfig points, mostly to default" : `${shown(written)}, which everybody shares`;
        yield { resource, path: "metadata.namespace", is };
      }),
    ]);
  },
};

const namespaceLimits: Policy = {
  id: "k8s-namespace-limits",
  title: "Namespaces have a quota or a limit range",
  severity: "low",
  why: "One runaway autoscaler or job can take all CPU and memory of the cluster, and the pods of everybody else wait.",
  fix: "Add a ResourceQuota or a LimitRange to the namespace, beside the components as a raw resource.",
  types: [namespaceType],
  scope: "stack",
  references: ["KSV-0039", "KSV-0040"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    const limited = byNamespace(stack, ["kubernetes:core/v1:ResourceQuota", "kubernetes:core/v1:LimitRange"]);
    yield* each(stack.ofType(namespaceType), function* (resource) {
      if (!limited.has(namespaceKey(resource)))
        yield { resource, path: "", is: "has neither a ResourceQuota nor a LimitRange: it may take all of the cluster" };
    });
  },
};

export const kubernetesNamespacePolicies: readonly Policy[] = [networkPolicy, namespacePolicy, namespaceLimits];
