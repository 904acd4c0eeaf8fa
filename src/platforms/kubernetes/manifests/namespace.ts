import type { core } from "@pulumi/kubernetes/types/input.js";
import { type Labels, type Place, reasonKey, stackLabels } from "./names.ts";

/** Pinned, so that an upgrade of the cluster does not change what is admitted. */
const standard = "v1.34";

/** What a namespace admits, and what it is asked to tell of. */
const admits = (level: "restricted" | "privileged"): Labels =>
  Object.fromEntries(
    ["enforce", "audit", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, standard],
    ]),
  );

/** The namespace of a stack: it admits restricted pods only. In a mesh each of them gets a proxy; those that ran before do not. */
export const namespace = ({ id, namespace }: Place, mesh = false): core.v1.Namespace => ({
  metadata: { name: namespace, labels: { ...stackLabels(id), ...(mesh ? { "istio-injection": "enabled" } : {}), ...admits("restricted") } },
});

export interface SystemNamespace {
  /** Why it admits more than others. @default it does not */
  readonly privilegedBecause?: string | undefined;
  /** Whether its pods get a proxy. @default false */
  readonly mesh?: boolean;
}

/** A namespace beside that of the stack. It says itself why it admits more than others, if it does. */
export const systemNamespace = (
  { id }: Pick<Place, "id">,
  name: string,
  { privilegedBecause, mesh = false }: SystemNamespace = {},
): core.v1.Namespace => ({
  metadata: {
    name,
    labels: {
      ...stackLabels(id),
      ...(mesh ? { "istio-injection": "enabled" } : {}),
      ...admits(privilegedBecause === undefined ? "restricted" : "privileged"),
    },
    ...(privilegedBecause === undefined ? {} : { annotations: { [reasonKey]: privilegedBecause } }),
  },
});
