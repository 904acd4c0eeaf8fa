import type { policy } from "@pulumi/kubernetes/types/input.js";
import type { WorkloadSpec } from "../../../core/workload.ts";
import { metadata, type Part, type Place, selector } from "./names.ts";

/** A drain of nodes takes one replica at a time. A replica that is broken anyway holds up no drain, save in a quorum. */
export const disruptionBudget = (place: Place, part: Part, { identity }: Pick<WorkloadSpec, "identity">): policy.v1.PodDisruptionBudget => ({
  metadata: metadata(place, part),
  spec: {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: identity === "stable" ? "IfHealthyBudget" : "AlwaysAllow",
    selector: { matchLabels: selector(place, part) },
  },
});
