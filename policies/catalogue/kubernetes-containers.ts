import { each, nameOf, namespaceOf } from "../cluster.ts";
import type { Breach, PlacedBreach, Policy, Resource, Stack } from "../model.ts";
import { type Container, containersOf, podOf, podTypes, serverTypes, workloadTypes } from "../pods.ts";
import { number, record, records, shown, text } from "../read.ts";

const resources: Policy = {
  id: "k8s-resources",
  title: "Containers ask for CPU and memory, and have a memory limit",
  severity: "medium",
  why: "Without requests the scheduler overfills nodes; without a memory limit one leak takes the node, and the kernel chooses whom it ends.",
  fix: "Components set them: memoryMiB, and cpus of AppService and OpaServer, have a default by profile; on a raw container write resources.requests and resources.limits.memory. A CPU limit is not asked for.",
  types: workloadTypes,
  scope: "resource",
  references: ["KSV-0015", "KSV-0016", "KSV-0018", "CKV_K8S_10", "CKV_K8S_12", "CKV_K8S_13"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const pod = record(podOf(resource).spec.resources);
    for (const { kind, path, spec } of containersOf(resource)) {
      if (kind === "ephemeral") continue;
      const amount = (which: string, what: string) => record(record(spec.resources)[which])[what] ?? record(pod[which])[what];
      for (const what of ["cpu", "memory"]) {
        // A limit alone is taken as the request as well.
        if (isAmount(amount("requests", what)) || isAmount(amount("limits", what))) continue;
        yield { path: `${path}.resources.requests.${what}`, is: `${shown(amount("requests", what))}: the scheduler counts the container as nothing` };
      }
      if (!isAmount(amount("limits", "memory"))) {
        yield { path: `${path}.resources.limits.memory`, is: `${shown(amount("limits", "memory"))}: it may take all memory of the node` };
      }
    }
  },
};

const isAmount = (value: unknown) => (typeof value === "number" && value > 0) || (typeof value === "string" && /^[\d.]+([a-zA-Z]\w*)?$/.test(value));

const probes: Policy = {
  id: "k8s-probes",
  title: "Servers say when they can serve, and are restarted only later than that",
  severity: "medium",
  why: "Without a readiness probe traffic goes to what cannot answer yet; a liveness probe that gives up as early as the readiness probe restarts what is merely busy, all replicas at once.",
  fix: "Set health and liveness of AppService; on a raw container add a readinessProbe, let the livenessProbe ask something else or fail later, and name a declared port in each.",
  types: [...serverTypes, ...podTypes],
  scope: "resource",
  references: ["CKV_K8S_8", "CKV_K8S_9", "kube-linter liveness-port", "kube-linter readiness-port", "kube-score pod-probes"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    const containers = [...containersOf(resource)].filter(({ kind }) => kind === "main");
    const restarted = text(podOf(resource).spec.restartPolicy) ?? "Always";
    const none = containers.every(({ spec }) => !isProbe(spec.readinessProbe));
    for (const [index, container] of containers.entries()) {
      const { path, spec } = container;
      if (restarted === "Always" && !isProbe(spec.readinessProbe) && (records(spec.ports).length > 0 || (none && index === 0))) {
        yield { path: `${path}.readinessProbe`, is: `${shown(spec.readinessProbe)}: it counts as ready as soon as it is started` };
      }
      if (
        isProbe(spec.livenessProbe) &&
        asked(spec.livenessProbe) === asked(spec.readinessProbe) &&
        patience(spec.livenessProbe) <= patience(spec.readinessProbe)
      ) {
        yield {
          path: `${path}.livenessProbe`,
          is: "asks the same as the readiness probe and gives up no later: what is busy is restarted instead of spared",
        };
      }
      yield* strayPorts(container);
    }
  },
};

const actions = ["httpGet", "tcpSocket", "grpc", "exec"] as const;
const isProbe = (probe: unknown) => actions.some((action) => Object.keys(record(record(probe)[action])).length > 0);
const asked = (probe: unknown) => JSON.stringify(actions.map((action) => record(probe)[action]));
/** Seconds until a probe has failed for good. */
const patience = (probe: unknown) => (number(record(probe).failureThreshold) ?? 3) * (number(record(probe).periodSeconds) ?? 10);

function* strayPorts({ path, spec }: Container): Generator<Breach> {
  const ports = records(spec.ports).map(([, port]) => port);
  for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
    for (const action of ["httpGet", "tcpSocket", "grpc"]) {
      const { port, host } = record(record(spec[probe])[action]);
      if (port === undefined || host !== undefined) continue;
      // A number works undeclared, so only beside declared ports it is a slip.
      const known = ports.some(({ name, containerPort }) => name === port || (number(containerPort) === number(port) && number(port) !== undefined));
      if (known || (ports.length === 0 && number(port) !== undefined)) continue;
      yield { path: `${path}.${probe}.${action}.port`, is: `${shown(port)}, which is none of the container's ports` };
    }
  }
}

const accountType = "kubernetes:core/v1:ServiceAccount";
const bindingTypes = ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"];

const serviceAccount: Policy = {
  id: "k8s-service-account",
  title: "Pods have a service account of their own, and its token only if they need it",
  severity: "medium",
  why: "The token opens the cluster's API to whoever reads one file of the pod, and what is granted to the default account is granted to every pod of the namespace.",
  fix: "Components have an account each and mount no token; on a raw pod set serviceAccountName and automountServiceAccountToken: false. A token counts as needed where a binding of the stack names the account.",
  types: workloadTypes,
  scope: "stack",
  references: ["KSV-0036", "CKV_K8S_38", "CKV_K8S_41", "CIS Kubernetes 5.1.5", "CIS Kubernetes 5.1.6"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check: (stack) => each(stack.ofType(...workloadTypes), (resource) => accountBreaches(resource, stack)),
};

function* accountBreaches(resource: Resource, stack: Stack): Generator<PlacedBreach> {
  const { path, spec } = podOf(resource);
  const name = text(spec.serviceAccountName) ?? text(spec.serviceAccount);
  if (name === undefined || name === "" || name === "default") {
    yield { resource, path: `${path}.serviceAccountName`, is: `${shown(name)}: it shares the account "default" with every pod of the namespace` };
  }
  const namespace = namespaceOf(resource, stack);
  const account = stack.ofType(accountType).find((each) => nameOf(each) === name && namespaceOf(each, stack) === namespace);
  const mounted = spec.automountServiceAccountToken ?? account?.inputs.automountServiceAccountToken;
  if (mounted === false || isBound(name ?? "default", namespace, stack)) return;
  yield {
    resource,
    path: `${path}.automountServiceAccountToken`,
    is: `${shown(mounted)}: a token of the cluster's API is mounted, and no binding of the stack gives it rights`,
  };
}

const isBound = (name: string, namespace: string, stack: Stack) =>
  stack
    .ofType(...bindingTypes)
    .some((binding) =>
      records(binding.inputs.subjects).some(
        ([, subject]) => subject.kind === "ServiceAccount" && subject.name === name && [namespace, undefined].includes(text(subject.namespace)),
      ),
    );

export const kubernetesContainerPolicies: readonly Policy[] = [resources, probes, serviceAccount];
