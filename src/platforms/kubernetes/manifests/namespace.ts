import type { core } from "@pulumi/kubernetes/types/input.js";
import { type Place, stackLabels } from "./names.ts";

/** Pinned, so that an upgrade of the cluster does not change what is admitted. */
const standard = "v1.34";

/** The namespace of a stack: it admits restricted pods only. */
export const namespace = ({ id, namespace }: Place): core.v1.Namespace => ({
  metadata: {
    name: namespace,
    labels: {
      ...stackLabels(id),
      ...Object.fromEntries(
        ["enforce", "audit", "warn"].flatMap((mode) => [
          [`pod-security.kubernetes.io/${mode}`, "restricted"],
          [`pod-security.kubernetes.io/${mode}-version`, standard],
        ]),
      ),
    },
  },
});
