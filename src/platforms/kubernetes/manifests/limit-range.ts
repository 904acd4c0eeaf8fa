import type { core } from "@pulumi/kubernetes/types/input.js";
import { type Place, stackLabels } from "./names.ts";

/**
 * What a container gets that names no resources itself. Every container of a component names its own; this is for pods
 * that somebody else puts into the namespace, so that none of them may take a node. As for components, CPU has no limit.
 */
export const defaultLimits = ({ id, namespace }: Place): core.v1.LimitRange => ({
  metadata: { name: "default-limits", namespace, labels: stackLabels(id) },
  spec: { limits: [{ type: "Container", default: { memory: "256Mi" }, defaultRequest: { cpu: "100m", memory: "256Mi" } }] },
});
