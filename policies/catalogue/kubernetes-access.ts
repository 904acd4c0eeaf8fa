import { isWorld } from "../aws-ingress.ts";
import { each, hasLabels, hasUnseenObjects, namespaceOf, serviceType } from "../cluster.ts";
import { labelsByNamespace } from "../foreseen-pods.ts";
import type { Breach, PlacedBreach, Policy, Resource } from "../model.ts";
import { kindOf } from "../pods.ts";
import { below, list, record, records, shown, text } from "../read.ts";

const rbac = (kind: string) =>
  ["v1", "v1beta1"].flatMap((version) => [kind, `${kind}Patch`].map((each) => `kubernetes:rbac.authorization.k8s.io/${version}:${each}`));

const rbacLeast: Policy = {
  id: "k8s-rbac-least",
  title: "Roles grant what is needed, and cluster-admin is bound to nobody",
  severity: "critical",
  why: "Whoever may read Secrets, run commands in pods or grant roles can make himself administrator of the cluster; a wildcard grants all three, and what is added later.",
  fix: "Components ask the cluster for no rights; in a raw Role list verbs and resources by name, add resourceNames where it is about one Secret, and bind a role of its own instead of cluster-admin.",
  types: [...rbac("Role"), ...rbac("ClusterRole"), ...rbac("RoleBinding"), ...rbac("ClusterRoleBinding")],
  scope: "resource",
  references: [
    "CIS Kubernetes 5.1.1",
    "CIS Kubernetes 5.1.2",
    "CIS Kubernetes 5.1.3",
    "KSV-0041",
    "KSV-0044",
    "KSV-0053",
    "KSV-0111",
    "CKV_K8S_49",
    "CKV_K8S_155",
    "CKV_K8S_158",
  ],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ type, inputs }) {
    if (kindOf(type).endsWith("Binding")) yield* wideBinding(inputs);
    else for (const [index, rule] of records(inputs.rules)) yield* wideRule(rule, `rules[${index}]`);
  },
};

const among = (values: unknown, names: readonly string[]) => names.filter((name) => list(values).includes(name));

function* wideRule({ verbs, resources, resourceNames }: Readonly<Record<string, unknown>>, path: string): Generator<Breach> {
  if (list(verbs).includes("*")) yield { path: `${path}.verbs`, is: "is *: every verb there is and will be" };
  if (list(resources).includes("*")) yield { path: `${path}.resources`, is: "is *: every resource, Secrets and roles among them" };
  const granting = among(verbs, ["escalate", "bind", "impersonate"]);
  if (granting.length > 0) yield { path: `${path}.verbs`, is: `allows ${granting.join(", ")}: with that one takes rights that one was not given` };
  const readable = among(verbs, ["get", "list", "watch", "*"]).length > 0;
  if (readable && list(resources).includes("secrets") && list(resourceNames).length === 0)
    yield { path: `${path}.resources`, is: "lets read every Secret" };
  const inside = among(resources, ["pods/exec", "pods/attach", "*/exec", "*/attach"]);
  if (inside.length > 0 && among(verbs, ["get", "create", "*"]).length > 0) {
    yield { path: `${path}.resources`, is: `names ${inside.join(", ")}: commands in every pod, with what that pod may do` };
  }
}

const everybody = ["system:anonymous", "system:unauthenticated", "system:authenticated"];

function* wideBinding({ roleRef, subjects }: Readonly<Record<string, unknown>>): Generator<Breach> {
  if (record(roleRef).name === "cluster-admin") yield { path: "roleRef.name", is: "is cluster-admin: every right there is" };
  for (const [index, { name }] of records(subjects)) {
    if (everybody.includes(text(name) ?? "")) yield { path: `subjects[${index}].name`, is: `${shown(name)}: everybody who reaches the API` };
    if (name === "system:serviceaccounts") yield { path: `subjects[${index}].name`, is: `${shown(name)}: every account of every pod in the cluster` };
    if (name === "system:masters") yield { path: `subjects[${index}].name`, is: `${shown(name)}, whose rights nothing limits` };
  }
}

/** How the clouds are told to keep a load balancer inside. */
const internal: Readonly<Record<string, RegExp>> = {
  "service.beta.kubernetes.io/aws-load-balancer-internal": /^(true|0\.0\.0\.0\/0)$/,
  "service.beta.kubernetes.io/aws-load-balancer-scheme": /^internal$/,
  "service.beta.kubernetes.io/azure-load-balancer-internal": /^true$/,
  "networking.gke.io/load-balancer-type": /^internal$/i,
  "cloud.google.com/load-balancer-type": /^internal$/i,
};

const exposure: Policy = {
  id: "k8s-exposure",
  title: "Services are reached from inside, or from named networks, and lead to pods",
  severity: "high",
  why: "A node port or a public load balancer puts a program beside every gateway, its TLS and its limits; external IPs take over addresses of others.",
  fix: "Leave publish to Docker and reach AppService through ServiceMeshGateway; make a raw Service a ClusterIP behind a gateway, or give loadBalancerSourceRanges or the internal annotation of the cloud.",
  types: [serviceType],
  scope: "stack",
  references: [
    "KSV-0108",
    "CVE-2020-8554",
    "kube-linter exposed-services",
    "kube-linter dangling-service",
    "kube-score service-type",
    "kube-score service-targets-pod",
  ],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    const labels = labelsByNamespace(stack);
    yield* each(stack.ofType(serviceType), function* (resource) {
      yield* openings(resource);
      const selector = record(below(resource.inputs, "spec.selector"));
      const pods = labels.get(namespaceOf(resource, stack));
      if (Object.keys(selector).length === 0 || pods === undefined || hasUnseenObjects(stack)) return;
      if (!pods.some((one) => hasLabels(one, selector))) {
        yield { resource, path: "spec.selector", is: "selects none of the pods in its namespace: it leads nowhere" };
      }
    });
  },
};

function* openings(resource: Resource): Generator<PlacedBreach> {
  const { type, externalIPs, loadBalancerSourceRanges } = record(resource.inputs.spec);
  if (type === "NodePort") yield { resource, path: "spec.type", is: "is NodePort: a port of every node, past every gateway" };
  if (list(externalIPs).length > 0)
    yield { resource, path: "spec.externalIPs", is: `${shown(externalIPs)}: the cluster takes what is sent to these addresses` };
  if (type !== "LoadBalancer") return;
  const annotations = record(below(resource.inputs, "metadata.annotations"));
  if (Object.entries(internal).some(([name, value]) => value.test(String(annotations[name])))) return;
  if (list(loadBalancerSourceRanges).length === 0) {
    yield { resource, path: "spec.loadBalancerSourceRanges", is: `${shown(loadBalancerSourceRanges)}: the whole internet reaches the load balancer` };
  }
  for (const [index, range] of list(loadBalancerSourceRanges).entries()) {
    if (isWorld(text(range) ?? ""))
      yield { resource, path: `spec.loadBalancerSourceRanges[${index}]`, is: `${shown(range)}, which is the whole internet or a good part of it` };
  }
}

export const kubernetesAccessPolicies: readonly Policy[] = [rbacLeast, exposure];
