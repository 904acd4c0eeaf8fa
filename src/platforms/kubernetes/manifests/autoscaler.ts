import type { autoscaling } from "@pulumi/kubernetes/types/input.js";
import type { Autoscale } from "../../../core/workload.ts";
import { metadata, type Part, type Place } from "./names.ts";

/** Replicas by CPU, in percent of what each has reserved. */
export const autoscaler = (place: Place, part: Part, { min, max, cpuPercent }: Autoscale): autoscaling.v2.HorizontalPodAutoscaler => ({
  metadata: metadata(place, part),
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: part.name },
    minReplicas: min,
    maxReplicas: max,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } } }],
  },
});
