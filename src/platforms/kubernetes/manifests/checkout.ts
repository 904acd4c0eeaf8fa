import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import { checkoutScript } from "../../../core/checkout.ts";
import type { CheckoutSpec, WorkloadSpec } from "../../../core/workload.ts";
import { podVolumes } from "./pod-volumes.ts";
import { literal } from "./text.ts";

/** Variable, and key in the Secret of the pod, that holds the token of a repository. */
const tokenKey = ({ name }: Pick<CheckoutSpec, "name">) => `CHECKOUT_${name.replaceAll("-", "_").toUpperCase()}_TOKEN`;

/** Variables that only the init containers read; kept with those of the pod. */
export const checkoutTokens = (checkouts: readonly CheckoutSpec[] = []): Record<string, Input<string>> =>
  Object.fromEntries(checkouts.flatMap((checkout) => (checkout.login ? [[tokenKey(checkout), checkout.login.token]] : [])));

/** Steps before the service, as its user, so that the files are its own. */
export const checkoutContainers = (spec: WorkloadSpec, image: Input<string>, secretEnv: Input<string> | undefined): core.v1.Container[] =>
  (spec.checkouts ?? []).map((checkout) => ({
    name: `checkout-${checkout.name}`,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c", literal(checkoutScript)],
    env: [
      { name: "FOLDER", value: checkout.path },
      { name: "HOME", value: "/tmp" },
      { name: "REF", value: checkout.ref },
      ...(checkout.login
        ? [
            { name: "TOKEN", valueFrom: { secretKeyRef: { name: secretEnv ?? "", key: tokenKey(checkout) } } },
            { name: "URL", value: checkout.url },
            { name: "USERNAME", value: checkout.login.username },
          ]
        : [{ name: "URL", value: checkout.url }]),
    ],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: podVolumes.checkout(checkout.name), mountPath: checkout.path },
      { name: podVolumes.checkoutScratch, mountPath: "/tmp" },
    ],
  }));

export const checkoutMounts = ({ checkouts = [] }: Pick<WorkloadSpec, "checkouts">): core.v1.VolumeMount[] =>
  checkouts.map(({ name, path }) => ({ name: podVolumes.checkout(name), mountPath: path, readOnly: true }));

/** On the node's disk, not in memory: a working copy may be large. */
export const checkoutVolumes = ({ checkouts = [] }: Pick<WorkloadSpec, "checkouts">): core.v1.Volume[] => [
  ...checkouts.map(({ name, sizeMiB }) => ({ name: podVolumes.checkout(name), emptyDir: { sizeLimit: `${sizeMiB}Mi` } })),
  ...(checkouts.length > 0 ? [{ name: podVolumes.checkoutScratch, emptyDir: { medium: "Memory", sizeLimit: "16Mi" } }] : []),
];
