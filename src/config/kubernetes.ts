import { z } from "zod";
import { dnsLabel, form, registry } from "./forms.ts";

/** `kubernetes` in the stack file: which cluster, and how it is used. */
export const kubernetesSchema = z.strictObject({
  /** Context of the kubeconfig. Another one that happens to be current is never used. */
  context: form(/^\S+$/, "the name of a context of the kubeconfig"),
  /** Path of the kubeconfig, from the directory of Pulumi.yaml. @default KUBECONFIG, else ~/.kube/config */
  kubeconfig: form(/\S/, "the path of a kubeconfig").optional(),
  /** Namespace of the stack; the stack makes it and owns it. @default `<project>-<environment>` */
  namespace: dnsLabel.optional(),
  /** Class of the volumes. @default the cluster's default class */
  storageClass: dnsLabel.optional(),
  /** Registry and path that built images are pushed to, e.g. `ghcr.io/acme`. */
  registry: registry.optional(),
  /** Secrets of the namespace that open private registries. */
  pullSecrets: z.array(dnsLabel, "a list of names of secrets").optional(),
});
