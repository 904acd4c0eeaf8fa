import type { PlanResource } from "./plan.ts";
import { replacingInputs } from "./replacement-aws.ts";

/** Inputs of Docker resources whose change replaces them. Source: `willReplaceOnChanges` in the schema of the provider, 5.2.0, 2026-11. */
const docker: Readonly<Record<string, readonly string[]>> = {
  "docker:index/container:Container": [
    ...["capabilities", "cgroupParent", "cgroupnsMode", "command", "cpus", "deviceRequests", "devices", "dns", "dnsOpts", "dnsSearches"],
    ...["domainname", "entrypoints", "envs", "gpus", "groupAdds", "hostname", "hosts", "image", "ipcMode", "labels", "logDriver", "logOpts"],
    ...["mounts", "name", "networkMode", "networksAdvanced", "pidMode", "platform", "ports", "privileged", "publishAllPorts", "readOnly"],
    ...["runtime", "securityOpts", "shmSize", "stdinOpen", "stopSignal", "stopTimeout", "storageOpts", "sysctls", "tty", "ulimits", "uploads"],
    ...["user", "usernsMode", "volumes", "workingDir"],
  ],
  "docker:index/volume:Volume": ["driver", "driverOpts", "labels", "name"],
  "docker:index/network:Network": [
    ...["attachable", "driver", "ingress", "internal", "ipamConfigs", "ipamDriver", "ipamOptions", "ipv6", "labels", "name", "options"],
  ],
  "docker:index/remoteImage:RemoteImage": ["name", "platform", "pullTriggers", "triggers"],
  "docker:index/image:Image": [],
};

/** Where a provider makes its resources: elsewhere they are other ones, and all of its resources are made anew with it. */
const providers: Readonly<Record<string, readonly string[]>> = {
  aws: ["allowedAccountIds", "region"],
  docker: ["context", "host"],
  kubernetes: ["cluster", "clusterIdentifier", "context", "namespace"],
  random: [],
  tls: [],
};

/** Fields of objects whose change replaces them, beside name and namespace. Source: the provider for Kubernetes, 4.34.2, 2026-11. */
const kubernetes: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:apps/v1:DaemonSet": ["spec.selector"],
  "kubernetes:apps/v1:Deployment": ["spec.selector"],
  "kubernetes:apps/v1:StatefulSet": [
    ...["spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"],
  ],
  "kubernetes:batch/v1:CronJob": [],
  "kubernetes:batch/v1:Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "kubernetes:core/v1:ConfigMap": ["binaryData", "data"],
  "kubernetes:core/v1:LimitRange": [],
  "kubernetes:core/v1:Namespace": [],
  "kubernetes:core/v1:PersistentVolumeClaim": ["spec"],
  "kubernetes:core/v1:ResourceQuota": ["spec.scopes"],
  "kubernetes:core/v1:Secret": ["data", "stringData", "type"],
  "kubernetes:core/v1:Service": ["spec.clusterIP"],
  "kubernetes:core/v1:ServiceAccount": [],
  "kubernetes:helm.sh/v3:Release": ["namespace"],
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": [],
  "kubernetes:policy/v1:PodDisruptionBudget": [],
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": [],
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
  "kubernetes:rbac.authorization.k8s.io/v1:Role": [],
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
  "kubernetes:storage.k8s.io/v1:StorageClass": ["parameters", "provisioner"],
};

/** Groups of custom resources, of which only the name and the namespace make another object. */
const customGroup = /^kubernetes:(gateway\.networking\.k8s\.io|(?!.*\.k8s\.io\/)[^/]+\.[^/]+)\//;

/** What a target calls a part, also where another name would be given in place. */
const namesOf = ["name", "identifier", "metadata.name", "metadata.namespace"];

/** Paths of the inputs whose change makes a new resource in the place of the old one, and of its name; undefined for a type that nobody looked at. */
export function replacingPaths({ type, inputs, replaceOnChanges }: PlanResource): readonly string[] | undefined {
  const byProvider = pathsOfType(type, inputs);
  return byProvider && [...new Set([...byProvider, ...namesOf, ...replaceOnChanges])].toSorted();
}

function pathsOfType(type: string, inputs: PlanResource["inputs"]): readonly string[] | undefined {
  // Values of these providers are made once: whatever they were asked with makes new ones.
  if (/^(random|tls):/.test(type)) return Object.keys(inputs).filter((input) => input !== "earlyRenewalHours");
  if (type.startsWith("kubernetes:")) return kubernetes[type] ?? (customGroup.test(type) ? [] : undefined);
  if (type.startsWith("aws:")) return replacingInputs[type] && [...replacingInputs[type], "region"];
  if (type.startsWith("pulumi:providers:")) return providers[type.slice("pulumi:providers:".length)];
  return docker[type];
}

/** The value at a path as the engine writes it: `spec.selector`, `metadata.annotations["a.b/c"]`. */
export function valueAt(inputs: PlanResource["inputs"], path: string): unknown {
  const keys = [...path.matchAll(/\["([^"]+)"\]|[^.[\]]+/g)].map(([whole, quoted]) => quoted ?? whole);
  return keys.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    inputs,
  );
}
