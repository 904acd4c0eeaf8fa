import { z } from "zod";
import { dnsLabel, form, listOfForm, registry } from "./forms.ts";

/** A port of a workload that takes plain connections, too. */
const plainPortSchema = z.strictObject({
  workload: dnsLabel,
  /** Name of the port, as the component calls it, e.g. `metrics`. */
  port: form(/^\S+$/, "the name of a port of that workload"),
  /** Stands as an annotation on what makes the exception. */
  reason: form(/\S+\s+\S+/, "why this port must take plain connections, in a few words"),
});

/** `kubernetes.mesh` in the stack file. */
const meshSchema = z.strictObject({
  /**
   * `sidecar`: a proxy of Istio beside every pod, mTLS between all of them, and a rule for each binding; `none`: network
   * policies alone. Changing it: restart of every pod, and until the last of them has restarted those with a proxy and those
   * without do not reach each other: plan a window, or move to a namespace of another name. `ambient` is a problem of the plan.
   */
  mode: z.enum(["sidecar", "none", "ambient"]),
  /**
   * Whether the stack installs Gateway API, Istio and cert-manager, each at a pinned version. Only one stack of a cluster
   * may. Changing it: takes the control plane away, or asks for one. @default false: the cluster has them
   */
  install: z.boolean("true or false").optional(),
  /** Minor version of Istio that is installed, which decides those of the others; with `install` alone. @default "1.31" */
  version: z.enum(["1.31"]).optional(),
  /**
   * Namespace of the control plane, which every pod reaches for its certificate. Changing it: with `install`, a new control
   * plane. @default istio-system
   */
  controlPlane: dnsLabel.optional(),
  /** Domain of the identities in the mesh, as the control plane has it. Changing it: restart of every pod. @default cluster.local */
  trustDomain: form(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a domain, e.g. cluster.local").optional(),
  /**
   * Extension provider that takes traces, of a mesh that is there; with `install` there is one of the stack's own, which leads
   * to its collector. Changing it: safe. @default what the mesh does by itself
   */
  tracingProvider: form(/^\S+$/, "the name of an extension provider of the mesh").optional(),
  /** The only exceptions to mutual TLS. Changing it: safe. @default none */
  permissive: z.array(plainPortSchema, "a list of { workload, port, reason }").optional(),
  /** Of ambient, which is not built: a problem of the plan. */
  waypoint: z.unknown().optional(),
  /** Of ambient, which is not built: a problem of the plan. */
  ztunnel: z.unknown().optional(),
});

/** `kubernetes` in the stack file: which cluster, and how it is used. */
export const kubernetesSchema = z.strictObject({
  /**
   * Context of the kubeconfig. Another one that happens to be current is never used. Changing it: everything is made anew
   * there, and refused while there is data here.
   */
  context: form(/^\S+$/, "the name of a context of the kubeconfig"),
  /** Path of the kubeconfig, from the directory of Pulumi.yaml. @default KUBECONFIG, else ~/.kube/config */
  kubeconfig: form(/\S/, "the path of a kubeconfig").optional(),
  /** Namespace of the stack; the stack makes it and owns it. Changing it: like that of the context. @default `<project>-<environment>` */
  namespace: dnsLabel.optional(),
  /** Class of the volumes. Changing it: refused for volumes that are there. @default in dev the cluster's default class; staging and prod name one */
  storageClass: dnsLabel.optional(),
  /** Registry and path that built images are pushed to, e.g. `ghcr.io/acme`. Changing it: restart. @default none: nothing can be built */
  registry: registry.optional(),
  /**
   * Secrets of the namespace that open private registries. The first `up` makes the namespace: what puts them there, a person
   * or an operator, has the minutes in which it waits for its pods. Changing it: restart. @default none
   */
  pullSecrets: z.array(dnsLabel, "a list of names of secrets").optional(),
  /**
   * Where names are resolved, which every pod may ask: namespaces and addresses, with the port that answers there when it is
   * not 53, e.g. `openshift-dns:5353`. Changing it: safe. @default kube-system, and 169.254.20.10, a cache on each node
   */
  nameServers: listOfForm(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3})(:[1-9]\d{0,4})?$/,
    "a list of namespaces and addresses, e.g. [openshift-dns:5353, 10.96.0.10]",
  ).optional(),
  /** Domain of the cluster's names. Changing it: restart. @default cluster.local */
  clusterDomain: form(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a domain, e.g. cluster.local").optional(),
  /**
   * Class of its gateways, one whose proxies run in the namespace of the Gateway and take the labels of its infrastructure.
   * Only those of Istio honour every argument of ServiceMeshGateway. Changing it: replaces the gateways, which get other
   * addresses. @default istio with mesh mode sidecar; without a mesh a gateway needs it
   */
  gatewayClass: form(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "the name of a GatewayClass").optional(),
  /** Service mesh of the stack. @default `{ mode: "none" }` */
  mesh: meshSchema.optional(),
});
