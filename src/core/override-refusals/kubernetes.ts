import {
  called,
  closed,
  content,
  host,
  identity,
  inputs,
  isolation,
  owned,
  probed,
  published,
  type Reason,
  type Refusal,
  started,
  stored,
  waiting,
} from "./refusal.ts";

/** Where the pods of a kind are described. */
const templates: readonly (readonly [kinds: readonly string[], template: string])[] = [
  [["Deployment", "StatefulSet", "DaemonSet", "Job"], "spec/template"],
  [["CronJob"], "spec/jobTemplate/spec/template"],
];

const mesh: Reason = ["the mesh knows by it whose pods these are, and guards them", "leave it, or use kubernetes.mesh of the stack file"];

/** Labels and annotations of one object. */
const notes = (kinds: readonly string[] | undefined, metadata: string): Refusal[] => [
  ...inputs(kinds, [`${metadata}/labels/io.groundplan.*`, `${metadata}/annotations/io.groundplan.*`], owned),
  ...inputs(kinds, [`${metadata}/labels/*istio.io*`, `${metadata}/annotations/*istio.io*`], mesh),
];

const ofPod = (kinds: readonly string[], template: string): Refusal[] => {
  const pod = (names: readonly string[]) => names.map((name) => `${template}/spec/${name}`);
  const container = (names: readonly string[]) => ["containers", "initContainers"].flatMap((list) => pod(names.map((name) => `${list}/[]/${name}`)));
  return [
    ...notes(kinds, `${template}/metadata`),
    ...inputs(kinds, pod(["serviceAccount*", "automountServiceAccountToken", "imagePullSecrets"]), identity),
    ...inputs(kinds, pod(["hostNetwork", "hostPID", "hostIPC", "hostUsers"]), host),
    ...inputs(kinds, pod(["hostname*", "subdomain", "setHostnameAsFQDN"]), called),
    ...inputs(kinds, pod(["hostAliases", "dnsPolicy", "dnsConfig/nameservers", "dnsConfig/searches"]), isolation),
    ...inputs(kinds, [...pod(["volumes"]), ...container(["volumeMounts", "volumeDevices"])], stored),
    ...inputs(kinds, container(["env", "envFrom"]), content),
    ...inputs(kinds, [...pod(["ephemeralContainers"]), ...container(["image", "command", "args"])], started),
    ...inputs(kinds, container(["ports"]), called),
    ...inputs(kinds, container(["*Probe"]), probed),
  ];
};

const texts = ["metadata/labels", "metadata/annotations"];

export const kubernetesRefusals: readonly Refusal[] = [
  ...inputs(undefined, ["apiVersion", "kind", "metadata/name", "metadata/generateName", "metadata/namespace"], called),
  ...notes(undefined, "metadata"),
  ...inputs(undefined, ["metadata/annotations/pulumi.com*"], waiting),
  ...templates.flatMap(([kinds, template]) => ofPod(kinds, template)),
  ...inputs(["CronJob"], ["spec/jobTemplate/metadata/labels/io.groundplan.*"], owned),
  ...inputs(["Deployment", "StatefulSet", "DaemonSet", "Job", "Service", "PodDisruptionBudget"], ["spec/selector"], owned),
  ...inputs(["CronJob"], ["spec/jobTemplate/spec/selector"], owned),
  ...inputs(["HorizontalPodAutoscaler"], ["spec/scaleTargetRef"], owned),
  ...inputs(["StatefulSet"], ["spec/serviceName", "spec/volumeClaimTemplates"], ["replicas find their names and their data by it", "leave it"]),
  ...inputs(["Service"], ["spec/type", "spec/external*", "spec/loadBalancer*"], published),
  ...inputs(["Service"], ["spec/ports", "spec/clusterIP*"], called),
  ...inputs(["Namespace"], ["metadata/labels/pod-security.kubernetes.io*", "metadata/labels/kubernetes.io*"], isolation),
  closed(["NetworkPolicy", "AuthorizationPolicy", "ServiceEntry", "Sidecar", "DestinationRule", "EnvoyFilter", "ReferenceGrant"], texts, isolation),
  closed(["*Route", "VirtualService", "Ingress"], texts, published),
  // What a load balancer of a cloud is told stands on its Service.
  closed(["Gateway"], [...texts, "spec/infrastructure/labels", "spec/infrastructure/annotations"], published),
  ...notes(["Gateway"], "spec/infrastructure"),
  closed(["PeerAuthentication", "RequestAuthentication", "Certificate", "*Issuer"], texts, identity),
  // Clouds give the rights of a role to whoever has the annotation.
  closed(["ServiceAccount", "*Role", "*RoleBinding"], ["metadata/labels"], identity),
  closed(["Secret", "ConfigMap"], texts, content),
  closed(["Release"], ["atomic", "timeout"], isolation),
];
