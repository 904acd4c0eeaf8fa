import type { core } from "@pulumi/kubernetes/types/input.js";
import { type Place, stackLabels } from "./names.ts";

/** At most so many pods in a namespace. It counts them only: limits of its own would stop what a chart sizes. */
export const podQuota = ({ id }: Pick<Place, "id">, namespace: string, pods: number): core.v1.ResourceQuota => ({
  metadata: { name: `${namespace}-pods`, namespace, labels: stackLabels(id) },
  spec: { hard: { pods: String(pods) } },
});
