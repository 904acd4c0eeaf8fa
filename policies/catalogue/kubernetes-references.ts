import { byNamespace, each, hasLabels, inTurn, namespaceKey, namespaceOf, selects, serviceType } from "../cluster.ts";
import { meshNamespaces } from "../mesh.ts";
import type { PlacedBreach, Policy, Resource } from "../model.ts";
import { containersOf, groupOf, kindOf, podLabels, podTypes, serverTypes } from "../pods.ts";
import { below, list, number, record, records, shown } from "../read.ts";

/** Groups of the cluster itself, whose kinds become stable; those of custom resources often stay a beta for ever. */
const ownGroups = [
  ...["core", "apps", "batch", "extensions", "autoscaling", "policy"],
  ...[
    "admissionregistration",
    "apiextensions",
    "apiregistration",
    "certificates",
    "coordination",
    "discovery",
    "events",
    "flowcontrol.apiserver",
  ].map((group) => `${group}.k8s.io`),
  ...["networking", "node", "rbac.authorization", "resource", "scheduling", "storage"].map((group) => `${group}.k8s.io`),
];

/** Versions that clusters no longer serve, with the first that does not. */
const removed: readonly (readonly [pattern: RegExp, since: string])[] = [
  [/^(extensions\/v1beta1|apps\/v1beta[12]):(Deployment|StatefulSet|DaemonSet|ReplicaSet|NetworkPolicy|PodSecurityPolicy)$/, "1.16"],
  [/^(extensions|networking\.k8s\.io)\/v1beta1:Ingress(Class)?$/, "1.22"],
  [
    /^(rbac\.authorization|admissionregistration|apiextensions|apiregistration|certificates|coordination|scheduling|storage)\.k8s\.io\/v1beta1:(?!CSIStorageCapacity)/,
    "1.22",
  ],
  [/^(batch|policy|discovery\.k8s\.io|events\.k8s\.io|node\.k8s\.io)\/v1beta1:|^autoscaling\/v2beta1:/, "1.25"],
  [/^autoscaling\/v2beta2:|^flowcontrol\.apiserver\.k8s\.io\/v1beta1:/, "1.26"],
];

const stableApi: Policy = {
  id: "k8s-stable-api",
  title: "Objects are of a stable version of the API, and fit each other",
  severity: "medium",
  why: "Beta versions change and are taken away: the next upgrade of the cluster makes the stack undeployable. A workload that does not select its own pods is refused halfway through a deployment, and a Service with a port that no pod has answers nobody.",
  fix: "Components write stable versions, and both sides of a selector from one place; import a raw class from the stable group (batch/v1 instead of batch/v1beta1), make matchLabels a part of the template's labels, and let targetPort name a port of a container.",
  types: ["kubernetes:*"],
  scope: "stack",
  references: [
    "KSV-0107",
    "kube-linter no-extensions-v1beta",
    "kube-linter mismatching-selector",
    "kube-linter invalid-target-ports",
    "kube-score stable-version",
    "kube-score service-targets-pod",
  ],
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    for (const resource of stack.ofType("kubernetes:*")) yield* unstable(resource);
    const workloads = byNamespace(stack, [...serverTypes, ...podTypes]);
    const meshed = new Set(meshNamespaces(stack).map(namespaceKey));
    yield* inTurn([
      each(stack.ofType(...serverTypes), function* (resource) {
        const selector = below(resource.inputs, "spec.selector");
        // The oldest kind has plain labels, and takes those of its pods where it names none.
        const plain = kindOf(resource.type) === "ReplicationController";
        if (plain ? hasLabels(podLabels(resource), selector) : selects(selector, podLabels(resource))) return;
        yield {
          resource,
          path: "spec.selector",
          is: selector === undefined ? "is not set: it selects no pod" : "does not select the pods that its own template makes",
        };
      }),
      each(stack.ofType(serviceType), (resource) => {
        const namespace = namespaceOf(resource, stack);
        return strayPorts(resource, workloads.get(namespace) ?? [], meshed.has(namespace) ? proxyPorts : []);
      }),
    ]);
  },
};

function* unstable(resource: Resource): Generator<PlacedBreach> {
  const { type } = resource;
  const version = type.split(":")[1] ?? "";
  if (!/\/v\d+(alpha|beta)\d+$/.test(version) || !ownGroups.includes(groupOf(type))) return;
  const gone = removed.find(([pattern]) => pattern.test(`${version}:${kindOf(type)}`));
  const is = gone ? `is ${version}, which clusters do not serve since ${gone[1]}` : `is ${version}, which a later cluster may change or not serve`;
  yield { resource, path: "apiVersion", is };
}

/** Ports of the proxy that a mesh puts beside the containers of a pod: figures of both, health, figures of its own. */
const proxyPorts = [15020, 15021, 15090];

function* strayPorts(resource: Resource, workloads: readonly Resource[], injected: readonly number[]): Generator<PlacedBreach> {
  const { selector, ports } = record(resource.inputs.spec);
  if (Object.keys(record(selector)).length === 0) return;
  const pods = workloads.filter((workload) => hasLabels(podLabels(workload), selector));
  for (const [index, { port, targetPort }] of records(ports)) {
    const asked = targetPort ?? port;
    if (pods.length === 0 || injected.includes(Number(asked)) || pods.some((workload) => mayListen(workload, asked))) continue;
    const meaning = targetPort === undefined ? `, which means ${String(port)}` : "";
    yield {
      resource,
      path: `spec.ports[${index}].targetPort`,
      is: `${shown(targetPort)}${meaning}: no container of the pods it selects has that port`,
    };
  }
}

/** A number works undeclared: only where every container declares ports it is a slip. */
function mayListen(workload: Resource, port: unknown): boolean {
  const containers = [...containersOf(workload)].filter(({ kind, spec }) => kind === "main" || spec.restartPolicy === "Always");
  const ports = containers.flatMap(({ spec }) => records(spec.ports).map(([, each]) => each));
  if (ports.some(({ name, containerPort }) => name === port || (number(port) !== undefined && number(containerPort) === number(port)))) return true;
  return number(port) !== undefined && containers.some(({ spec }) => list(spec.ports).length === 0);
}

export const kubernetesReferencePolicies: readonly Policy[] = [stableApi];
