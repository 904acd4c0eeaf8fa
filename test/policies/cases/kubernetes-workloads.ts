import type { PolicyCases } from "../cases.ts";
import { deployment, inShop, statefulSet } from "../kubernetes-objects.ts";

const spread = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname" }], containers: [{ name: "web" }] };
const web = (spec: Record<string, unknown>, pod: Record<string, unknown> = spread) => deployment("web", pod, spec);
const budget = (spec: Record<string, unknown>, app = "web") =>
  inShop("policy/v1:PodDisruptionBudget", "budget", { selector: { matchLabels: { app } }, ...spec });
const autoscaler = (spec: Record<string, unknown>, name = "web") =>
  inShop("autoscaling/v2:HorizontalPodAutoscaler", "scaler", {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
    maxReplicas: 10,
    ...spec,
  });
const oneAway = budget({ maxUnavailable: 1 });
const apart = { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100 }] } };

export const kubernetesWorkloadCases: Readonly<Record<string, PolicyCases>> = {
  "k8s-availability": {
    compliant: [
      { title: "two pods on two nodes, one away at a time", resources: [web({ replicas: 2, strategy: { type: "RollingUpdate" } }), oneAway] },
      { title: "one pod in dev", stage: "dev", resources: [web({ replicas: 1 }, { containers: [] })] },
      { title: "pods that an autoscaler counts", resources: [web({}), autoscaler({ minReplicas: 2 }), budget({ minAvailable: 1 })] },
      { title: "pods that keep away from each other", resources: [web({ replicas: 3 }, { affinity: apart }), budget({ minAvailable: "50%" })] },
      { title: "a store of one pod", resources: [statefulSet("db", {}, { replicas: 1 })] },
    ],
    violating: [
      { title: "one pod", resources: [web({}), oneAway], finds: ["web: spec.replicas"] },
      { title: "one less than asked for", stage: "staging", resources: [web({ replicas: 1 }), oneAway], finds: ["web: spec.replicas"] },
      {
        title: "an outage at every update",
        resources: [web({ replicas: 2, strategy: { type: "Recreate" } }), oneAway],
        finds: ["web: spec.strategy.type"],
      },
      { title: "a budget of other pods", resources: [web({ replicas: 2 }), budget({ maxUnavailable: 1 }, "api")], finds: ["web: "] },
      {
        title: "a cluster on one node without a budget",
        resources: [statefulSet("bus", { containers: [{ name: "nats" }] }, { replicas: 3 })],
        finds: ["bus: ", "bus: spec.template.spec.topologySpreadConstraints"],
      },
      { title: "no pod may go", resources: [web({ replicas: 2 }), budget({ maxUnavailable: 0 })], finds: ["budget: spec.maxUnavailable"] },
      { title: "all must stay", resources: [web({ replicas: 2 }), budget({ minAvailable: 2 })], finds: ["budget: spec.minAvailable"] },
      {
        title: "all must stay, in percent",
        resources: [web({ replicas: 2 }), budget({ minAvailable: "100%" })],
        finds: ["budget: spec.minAvailable"],
      },
      { title: "the only pod must stay", resources: [statefulSet("db", {}), budget({}, "db")], finds: ["budget: spec.minAvailable"] },
    ],
    reads: {
      "web: spec.replicas": ["web: spec.replicas"],
      "web: spec.strategy.type": [],
      "web: spec.template.metadata.labels.app": ["web: "],
      "web: spec.template.spec.topologySpreadConstraints": ["web: spec.template.spec.topologySpreadConstraints"],
      "budget: spec.maxUnavailable": [],
      "budget: spec.selector": ["web: "],
      "budget: metadata.namespace": ["web: "],
    },
  },
  "k8s-hpa": {
    compliant: [
      { title: "from two pods on", resources: [web({}), autoscaler({ minReplicas: 2 })] },
      { title: "down to one in dev", stage: "dev", resources: [web({}), autoscaler({ minReplicas: 1 })] },
      {
        title: "a number that only the first update sets",
        resources: [{ ...web({ replicas: 2 }), ignoreChanges: ["spec.replicas"] }, autoscaler({ minReplicas: 2 })],
      },
      { title: "a target by reference", resources: [web({}), byReference()] },
    ],
    violating: [
      { title: "down to one pod", resources: [web({}), autoscaler({})], finds: ["scaler: spec.minReplicas"] },
      { title: "a target with another name", resources: [web({}), autoscaler({ minReplicas: 2 }, "webb")], finds: ["scaler: spec.scaleTargetRef"] },
      { title: "a number beside it", resources: [web({ replicas: 3 }), autoscaler({ minReplicas: 2 })], finds: ["scaler: spec.scaleTargetRef"] },
    ],
    reads: {
      "scaler: spec.minReplicas": ["scaler: spec.minReplicas"],
      "scaler: spec.scaleTargetRef.name": ["scaler: spec.scaleTargetRef"],
      "web: metadata.name": ["scaler: spec.scaleTargetRef"],
      "web: spec.replicas": [],
    },
  },
};

/** A program that passes on the name that the engine makes. */
function byReference() {
  const scaler = autoscaler({ minReplicas: 2 }, "web-4d2b");
  return { ...scaler, propertyDependencies: { spec: [web({}).urn] } };
}
