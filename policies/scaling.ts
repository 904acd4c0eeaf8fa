import { nameOf, namespaceOf } from "./cluster.ts";
import type { Resource, Stack } from "./model.ts";
import { deploymentTypes, kindOf, replicaSetTypes, statefulSetTypes } from "./pods.ts";
import { below, number, record } from "./read.ts";

export const autoscalerTypes = ["v2", "v1", "v2beta2", "v2beta1"].map((version) => `kubernetes:autoscaling/${version}:HorizontalPodAutoscaler`);
const scalerTypes = [...autoscalerTypes, "kubernetes:keda.sh/v1alpha1:ScaledObject"];
const scaledTypes = [...deploymentTypes, ...statefulSetTypes, ...replicaSetTypes];

export const scaleTarget = ({ inputs }: Resource) => {
  const { kind = "Deployment", name } = record(below(inputs, "spec.scaleTargetRef"));
  return { kind, name };
};

/** What an autoscaler scales; undefined where the stack does not hold it. */
export function scaledBy(scaler: Resource, stack: Stack): Resource | undefined {
  const [referred] = stack.referred(scaler, scaledTypes, "spec");
  if (referred) return referred;
  const { kind, name } = scaleTarget(scaler);
  const named = stack.ofType(...scaledTypes).filter((resource) => kindOf(resource.type) === kind && nameOf(resource) === name);
  return named.find((resource) => namespaceOf(resource, stack) === namespaceOf(scaler, stack));
}

export interface Scale {
  readonly least: number;
  readonly most: number;
  readonly scaled: boolean;
}

/** How many pods each workload may have. */
export function scalesOf(stack: Stack): (workload: Resource) => Scale {
  const scalers = new Map(stack.ofType(...scalerTypes).map((scaler) => [scaledBy(scaler, stack)?.urn, scaler]));
  return (workload) => {
    const scaler = scalers.get(workload.urn);
    if (scaler) {
      const { minReplicas, maxReplicas, minReplicaCount, maxReplicaCount } = record(scaler.inputs.spec);
      return { least: number(minReplicas ?? minReplicaCount) ?? 1, most: number(maxReplicas ?? maxReplicaCount) ?? 1, scaled: true };
    }
    const replicas = number(below(workload.inputs, "spec.replicas")) ?? 1;
    return { least: replicas, most: replicas, scaled: false };
  };
}
