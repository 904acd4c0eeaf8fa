import type { core } from "@pulumi/kubernetes/types/input.js";
import { metadata, type Part, type Place } from "./names.ts";

/** An identity of its own for each workload and job, without a token: nothing here speaks to the API server. */
export const serviceAccount = (place: Place, part: Part): core.v1.ServiceAccount => ({
  metadata: metadata(place, part),
  automountServiceAccountToken: false,
});
