import { byNamespace, each, hasUnseenObjects, inTurn, namespaceOf, selects } from "../cluster.ts";
import type { PlacedBreach, Policy, Resource } from "../model.ts";
import { deploymentTypes, kindOf, podLabels, podOf, statefulSetTypes } from "../pods.ts";
import { below, list, number, record, shown } from "../read.ts";
import { autoscalerTypes, type Scale, scaledBy, scalesOf, scaleTarget } from "../scaling.ts";

const budgetTypes = ["kubernetes:policy/v1:PodDisruptionBudget", "kubernetes:policy/v1beta1:PodDisruptionBudget"];
const replicatedTypes = [...deploymentTypes, ...statefulSetTypes];

const availability: Policy = {
  id: "k8s-availability",
  title: "Workloads outlive the loss of a node, its maintenance and an update",
  severity: "high",
  why: "One pod, or all on one node, is an outage whenever that node is drained or fails; without a disruption budget a drain takes all pods at once, with one that allows none it never ends.",
  fix: "Raise replicas of AppService, which brings spread and disruption budget along; on a raw Deployment set spec.replicas, topologySpreadConstraints and strategy RollingUpdate, and add a PodDisruptionBudget with maxUnavailable: 1.",
  types: [...replicatedTypes, ...budgetTypes],
  scope: "stack",
  references: [
    "CKV_K8S_11",
    "kube-linter minimum-three-replicas",
    "kube-linter no-anti-affinity",
    "kube-linter pdb-max-unavailable",
    "kube-linter pdb-min-available",
    "kube-score deployment-has-poddisruptionbudget",
    "Polaris topologySpreadConstraint",
  ],
  parameters: {
    minimumReplicas: { meaning: "fewest pods of a Deployment", default: { dev: 1, staging: 2, prod: 2 }, minimum: 1, maximum: 20 },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack, { parameter }) {
    const minimum = parameter("minimumReplicas");
    const scaleOf = scalesOf(stack);
    const budgets = byNamespace(stack, budgetTypes);
    const workloads = byNamespace(stack, replicatedTypes);
    yield* inTurn([
      each(stack.ofType(...replicatedTypes), function* (resource) {
        const scale = scaleOf(resource);
        const scalesOut = deploymentTypes.includes(resource.type);
        if (scalesOut) yield* weakDeployment(resource, scale, minimum);
        if (Math.max(scale.most, scalesOut ? minimum : 1) < 2) return;
        const labels = podLabels(resource);
        const budgeted = (budgets.get(namespaceOf(resource, stack)) ?? []).some(({ inputs }) => selects(below(inputs, "spec.selector"), labels));
        if (!budgeted) yield { resource, path: "", is: "has no PodDisruptionBudget: a drain of its nodes may take all its pods at once" };
        yield* unspread(resource);
      }),
      each(stack.ofType(...budgetTypes), function* (resource) {
        const chosen = (workloads.get(namespaceOf(resource, stack)) ?? []).filter((workload) =>
          selects(below(resource.inputs, "spec.selector"), podLabels(workload)),
        );
        yield* blocked(resource, Math.min(...chosen.map((workload) => scaleOf(workload).least)));
      }),
    ]);
  },
};

function* weakDeployment(resource: Resource, { least, scaled }: Scale, minimum: number): Generator<PlacedBreach> {
  const { replicas, strategy } = record(resource.inputs.spec);
  if (!scaled && least < minimum) {
    yield {
      resource,
      path: "spec.replicas",
      is: `${shown(replicas)}${replicas === undefined ? ", which means 1" : ""}, below ${minimum}: one pod that is away is too many`,
    };
  }
  if (record(strategy).type === "Recreate") {
    yield { resource, path: "spec.strategy.type", is: "is Recreate: every update ends all pods before it starts the first new one" };
  }
}

function* unspread(resource: Resource): Generator<PlacedBreach> {
  const { path, spec } = podOf(resource);
  if (list(spec.topologySpreadConstraints).length > 0) return;
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } = record(
    below(spec, "affinity.podAntiAffinity"),
  );
  if (list(required).length > 0 || list(preferred).length > 0) return;
  yield {
    resource,
    path: `${path}.topologySpreadConstraints`,
    is: `${shown(spec.topologySpreadConstraints)}, nor is podAntiAffinity: all pods may land on one node`,
  };
}

/** `pods` is how many there are at least; infinite where the stack holds none of them. */
function* blocked(resource: Resource, pods: number): Generator<PlacedBreach> {
  const { minAvailable, maxUnavailable } = record(resource.inputs.spec);
  if (maxUnavailable !== undefined) {
    if (maxUnavailable === "0%" || number(maxUnavailable) === 0)
      yield { resource, path: "spec.maxUnavailable", is: `${shown(maxUnavailable)}: no pod may ever be moved, so no node can be drained` };
    return;
  }
  const kept = minAvailable === "100%" ? pods : (number(minAvailable ?? 1) ?? 0);
  if (minAvailable === "100%" || kept >= pods) {
    yield {
      resource,
      path: "spec.minAvailable",
      is: `${shown(minAvailable)}${minAvailable === undefined ? ", which means 1" : ""}: as many as there are, so no node can be drained`,
    };
  }
}

const hpa: Policy = {
  id: "k8s-hpa",
  title: "Autoscalers scale a workload that is there, from enough pods, and alone",
  severity: "medium",
  why: "An autoscaler without a target does nothing; one that may go down to a single pod does so in the quiet hour before the node fails; beside a fixed number each update throws away what it had scaled.",
  fix: "Raise autoscale.min of AppService; on a raw HorizontalPodAutoscaler set minReplicas, name the workload as it is called, and take spec.replicas out of that or ignore its changes.",
  types: autoscalerTypes,
  scope: "stack",
  references: [
    "kube-linter dangling-horizontalpodautoscaler",
    "kube-linter hpa-minimum-three-replicas",
    "kube-score horizontalpodautoscaler-has-target",
  ],
  parameters: {
    minimumReplicas: { meaning: "fewest pods that an autoscaler may go down to", default: { dev: 1, staging: 2, prod: 2 }, minimum: 1, maximum: 20 },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  check: (stack, { parameter }) =>
    each(stack.ofType(...autoscalerTypes), function* (resource) {
      const { minReplicas } = record(resource.inputs.spec);
      const minimum = parameter("minimumReplicas");
      if ((number(minReplicas) ?? 1) < minimum) {
        yield {
          resource,
          path: "spec.minReplicas",
          is: `${shown(minReplicas)}${minReplicas === undefined ? ", which means 1" : ""}, below ${minimum}`,
        };
      }
      const target = scaledBy(resource, stack);
      const { kind, name } = scaleTarget(resource);
      const seen = ["Deployment", "StatefulSet", "ReplicaSet"].includes(String(kind)) && !hasUnseenObjects(stack);
      if (!target && seen)
        yield { resource, path: "spec.scaleTargetRef", is: `names ${String(kind)} ${String(name)}, which the namespace does not have` };
      const replicas = target && below(target.inputs, "spec.replicas");
      if (replicas === undefined || target?.ignoreChanges.some((path) => ["spec", "spec.replicas"].includes(path))) return;
      yield {
        resource,
        path: "spec.scaleTargetRef",
        is: `names ${kindOf(target?.type ?? "")} ${target?.name}, whose spec.replicas ${shown(replicas)} at every update`,
      };
    }),
};

export const kubernetesWorkloadPolicies: readonly Policy[] = [availability, hpa];
