import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import type { ContainerSpec, JobSpec, WorkloadSpec } from "../../../core/workload.ts";
import { checkoutContainers, checkoutVolumes } from "./checkout.ts";
import { holdsSecret, laidFiles } from "./config.ts";
import { type ConfigNames, container, containerPorts } from "./container.ts";
import { type Labels, labels, nodesName, type Part, type Place, selector } from "./names.ts";
import { podVolumes } from "./pod-volumes.ts";
import { probes } from "./probes.ts";

/** A pod that gets a proxy of the mesh. */
export interface MeshPod {
  /** Version of the proxy, where the stack installs the mesh; otherwise that is not the stack's matter. */
  readonly proxy?: string | undefined;
}

/** What a pod needs beside its spec. */
export interface PodParts extends ConfigNames {
  readonly image: Input<string>;
  readonly pullSecrets?: readonly string[] | undefined;
  /** Image with Git, for a workload that has checkouts. */
  readonly gitImage?: Input<string> | undefined;
  /** Domain of the cluster's names. @default cluster.local */
  readonly clusterDomain?: string | undefined;
  /** Set where a mesh puts a proxy beside it. */
  readonly mesh?: MeshPod | undefined;
}

/** The proxy starts before the container and ends after it: so a job ends at all, and nothing runs without its proxy. */
const proxied = ({ proxy }: MeshPod): Labels => ({
  "sidecar.istio.io/nativeSidecar": "true",
  // Another version is another pod, and only a new pod gets a new proxy.
  ...(proxy === undefined ? {} : { "io.groundplan.proxy": proxy }),
});

const annotated = (annotations: Labels) => (Object.keys(annotations).length > 0 ? { annotations } : {});

/** Seconds between leaving the Service and the stop signal: proxies on other nodes hear of it that late. */
const leaveSeconds = 5;
/** Size of each writable folder; it counts as memory of the container, as on Docker. */
const scratchSize = "64Mi";

/** A pod of a workload. */
export function workloadPod(place: Place, part: Part, spec: WorkloadSpec, parts: PodParts): core.v1.PodTemplateSpec {
  const stable = spec.identity === "stable";
  const spread = Math.max(spec.replicas, spec.autoscale?.max ?? 1) > 1;
  const base = podSpec(part, spec, parts);
  const copies = checkoutContainers(spec, parts.gitImage ?? "", parts.secretEnv);
  return {
    metadata: { labels: labels(place, part), ...annotated({ ...spec.annotations, ...(parts.mesh ? proxied(parts.mesh) : {}) }) },
    spec: {
      ...base,
      volumes: [...base.volumes, ...checkoutVolumes(spec)],
      ...(copies.length > 0 ? { initContainers: copies } : {}),
      containers: [
        {
          ...container(part.name, spec, parts.image, parts, spec),
          ports: containerPorts(spec.ports),
          ...probes(spec),
          lifecycle: { preStop: spec.drain ? { exec: { command: [...spec.drain] } } : { sleep: { seconds: leaveSeconds } } },
        },
      ],
      terminationGracePeriodSeconds: spec.stopSeconds + leaveSeconds,
      ...(spec.architecture ? { nodeSelector: { "kubernetes.io/arch": spec.architecture } } : {}),
      // Siblings reach each other as <name>-<index>, as on every ground.
      ...(stable ? { dnsConfig: { searches: [siblingDomain(place, part.name, parts.clusterDomain)] } } : {}),
      ...(spread ? { topologySpreadConstraints: spreading(place, part, stable) } : {}),
    },
  };
}

/** A pod that runs to its end. */
export function jobPod(place: Place, part: Part, spec: JobSpec, parts: PodParts): core.v1.PodTemplateSpec {
  return {
    metadata: { labels: labels(place, part), ...annotated(parts.mesh ? proxied(parts.mesh) : {}) },
    spec: { ...podSpec(part, spec, parts), containers: [container(part.name, spec, parts.image, parts)], restartPolicy: "Never" },
  };
}

/** What the restricted pod security standard asks for, and then some: no token, no variables about other services. */
function podSpec(part: Part, spec: ContainerSpec, parts: PodParts) {
  return {
    serviceAccountName: part.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: spec.uid,
      runAsGroup: spec.gid,
      fsGroup: spec.gid,
      // A recursive change at every start takes minutes on large volumes, and would open folders that a server keeps to itself.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(parts.pullSecrets?.length ? { imagePullSecrets: parts.pullSecrets.map((name) => ({ name })) } : {}),
    volumes: [...filesVolume(part.name, spec, parts), ...memoryVolumes(spec)],
  };
}

/** All files below one folder, whether they hold secrets or not; readable for the user of the process alone in its pod. */
function filesVolume(name: string, spec: ContainerSpec, names: ConfigNames): core.v1.Volume[] {
  const laid = laidFiles(name, spec.files);
  const items = (secret: boolean) => laid.filter(({ file }) => holdsSecret(file) === secret).map(({ key, path }) => ({ key, path }));
  const [plain, hidden] = [items(false), items(true)];
  const sources: core.v1.VolumeProjection[] = [
    ...(names.config && plain.length > 0 ? [{ configMap: { name: names.config, items: plain } }] : []),
    ...(names.secretFiles && hidden.length > 0 ? [{ secret: { name: names.secretFiles, items: hidden } }] : []),
  ];
  return sources.length > 0 ? [{ name: podVolumes.files, projected: { defaultMode: 0o444, sources } }] : [];
}

function memoryVolumes(spec: ContainerSpec): core.v1.Volume[] {
  const scratch = spec.scratch.map((_, index) => ({ name: podVolumes.scratch(index), emptyDir: { medium: "Memory", sizeLimit: scratchSize } }));
  const shared = "sharedMemoryMiB" in spec && spec.sharedMemoryMiB;
  return shared ? [...scratch, { name: podVolumes.sharedMemory, emptyDir: { medium: "Memory", sizeLimit: `${String(shared)}Mi` } }] : scratch;
}

const siblingDomain = ({ namespace }: Place, workload: string, domain = "cluster.local") => `${nodesName(workload)}.${namespace}.svc.${domain}`;

/** Over zones where it can; members of a quorum never two on one node when there are others. */
function spreading(place: Place, part: Part, quorum: boolean): core.v1.TopologySpreadConstraint[] {
  const over = (topologyKey: string, whenUnsatisfiable: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    // A node that takes none of them, such as that of a control plane, is not one that waits for its share.
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: selector(place, part) },
  });
  return [over("topology.kubernetes.io/zone", "ScheduleAnyway"), over("kubernetes.io/hostname", quorum ? "DoNotSchedule" : "ScheduleAnyway")];
}
