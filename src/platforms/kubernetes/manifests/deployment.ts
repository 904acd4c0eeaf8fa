import type { apps, core } from "@pulumi/kubernetes/types/input.js";
import type { WorkloadSpec } from "../../../core/workload.ts";
import { declaredWins, metadata, type Part, type Place, selector } from "./names.ts";
import { startLimitSeconds } from "./probes.ts";

/** Pulling an image and finding a node take time that no probe knows of. */
export const placingSeconds = 300;

/** Replicas that are alike: a new one is ready before an old one goes. */
export const deployment = (place: Place, part: Part, spec: WorkloadSpec, template: core.v1.PodTemplateSpec): apps.v1.Deployment => ({
  metadata: metadata(place, part, part.name, spec.autoscale ? undefined : declaredWins),
  spec: {
    // With an autoscaler the number is its own: one written here would undo what it did at every up.
    ...(spec.autoscale ? {} : { replicas: spec.replicas }),
    selector: { matchLabels: selector(place, part) },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
    minReadySeconds: 5,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: startLimitSeconds(spec.probe) + placingSeconds,
    template,
  },
});
