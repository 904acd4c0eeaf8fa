import { pushedImagesOf } from "../../src/preview/containers.ts";
import { type PodMaker, selects, servicesOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import type { EnvVar, PodContainer, PodVolume } from "../../src/preview/pod.ts";
import { dataOf, docker, filledVolume, freshDisk, projectedFiles } from "./replay-volumes.ts";

export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly namespace: string;
  readonly toolbox: string;
  /** Address of the server that says at once of a name that there is none. */
  readonly nameServer: string;
}

/** What a pod knows of itself. */
export interface OwnPod {
  readonly name: string;
  readonly address: string;
}

/** The pod as options of `docker create`. What cannot be played is an error, never left out. */
export async function containerArgs(plan: Plan, maker: PodMaker, own: OwnPod, stage: Stage): Promise<{ container: PodContainer; args: string[] }> {
  const container = onlyContainer(maker);
  const pod = own.name;
  const { pod: spec } = maker;
  const { label, namespace, id, nameServer } = stage;
  const security = { ...spec.securityContext, ...container.securityContext };
  const group = spec.securityContext?.fsGroup;
  if (!security.runAsUser || !security.runAsNonRoot) throw new Error(`${pod} runs as root, or as whom its image says`);
  const drops = (security.capabilities?.drop ?? []).flatMap((name) => ["--cap-drop", name]);
  const adds = (security.capabilities?.add ?? []).flatMap((name) => ["--cap-add", name]);
  const memory = container.resources?.limits?.memory;
  const { dnsConfig } = spec as { dnsConfig?: { searches?: readonly string[] } };
  const searches = [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local", ...(dnsConfig?.searches ?? [])];
  return {
    container,
    args: [
      // Known before it starts, and the same after its container was killed, as that of a pod.
      ...["--label", label, "--network", id, "--ip", own.address, "--hostname", pod],
      ...["--user", `${security.runAsUser}:${security.runAsGroup ?? security.runAsUser}`],
      ...(group === undefined ? [] : ["--group-add", String(group)]),
      ...drops,
      ...adds,
      ...(security.allowPrivilegeEscalation === false ? ["--security-opt", "no-new-privileges"] : []),
      ...(security.readOnlyRootFilesystem ? ["--read-only"] : []),
      ...(memory ? ["--memory", bytes(memory), "--memory-swap", bytes(memory)] : []),
      ...(container.workingDir ? ["--workdir", container.workingDir] : []),
      ...searches.flatMap((domain) => ["--dns-search", domain]),
      ...["--dns-option", "ndots:5", "--dns", nameServer],
      ...namesOf(plan, maker, pod, namespace).flatMap((alias) => ["--network-alias", alias]),
      ...(container.env ?? []).flatMap((entry) => ["--env", `${entry.name}=${variableValue(plan, entry, container, own)}`]),
      ...(await mounts(plan, maker, pod, container, stage)),
    ],
  };
}

/** Full names in the cluster, as its name server knows them; short ones come from the search domains. */
function namesOf(plan: Plan, maker: PodMaker, pod: string, namespace: string): string[] {
  return servicesOf(plan)
    .filter(({ spec }) => maker.kind !== "Job" && maker.kind !== "CronJob" && selects(spec.selector, maker.podLabels))
    .flatMap(({ name, spec }) => {
      const full = `${name}.${namespace}.svc.cluster.local`;
      return spec.clusterIP === "None" ? [full, `${pod}.${full}`] : [full];
    });
}

async function mounts(plan: Plan, maker: PodMaker, pod: string, container: PodContainer, { id, label, toolbox }: Stage): Promise<string[]> {
  const group = maker.pod.securityContext?.fsGroup;
  const templates = ((maker.manifest.spec as { volumeClaimTemplates?: { metadata: { name: string } }[] }).volumeClaimTemplates ?? []).map(
    ({ metadata }) => metadata.name,
  );
  const options: string[] = [];
  for (const mount of container.volumeMounts ?? []) {
    if (mount.subPath) throw new Error(`${pod}: subPath cannot be replayed`);
    const volume: PodVolume | undefined = maker.pod.volumes?.find(({ name }) => name === mount.name);
    const named = `${id}-${pod}-${mount.name}`;
    const readOnly = mount.readOnly ? ",readonly" : "";
    const files = volume && projectedFiles(plan, volume);
    if (files) {
      await filledVolume(named, label, toolbox, files, group);
      options.push("--mount", `type=volume,source=${named},target=${mount.mountPath},volume-nocopy,readonly`);
    } else if (volume?.emptyDir) {
      const size = volume.emptyDir.sizeLimit ? `,size=${bytes(volume.emptyDir.sizeLimit)}` : "";
      // The kubelet makes it writable for all, and with the bit that hands new files to the pod's group.
      options.push("--tmpfs", `${mount.mountPath}:rw,exec,mode=2777,uid=0,gid=${group ?? 0}${size}`);
    } else if (volume?.persistentVolumeClaim || templates.includes(mount.name)) {
      await freshDisk(named, label, toolbox, group);
      options.push("--mount", `type=volume,source=${named},target=${mount.mountPath},volume-nocopy${readOnly}`);
    } else throw new Error(`${pod}: volume ${mount.name} is of a kind that cannot be replayed`);
  }
  return options;
}

export function onlyContainer({ pod, name }: PodMaker): PodContainer {
  const [container, ...others] = pod.containers;
  if (!container || others.length > 0 || (pod.initContainers ?? []).length > 0) throw new Error(`${name}: only pods of one container are replayed`);
  return container;
}

function variableValue(plan: Plan, { name, value, valueFrom }: EnvVar, container: PodContainer, own: OwnPod): string {
  if (value !== undefined) return expand(value, container, plan, own);
  if (valueFrom?.fieldRef?.fieldPath === "metadata.name") return own.name;
  if (valueFrom?.fieldRef?.fieldPath === "status.podIP") return own.address;
  const [kind, ref] = valueFrom?.secretKeyRef ? (["Secret", valueFrom.secretKeyRef] as const) : (["ConfigMap", valueFrom?.configMapKeyRef] as const);
  const text = ref && dataOf(plan, kind, ref.name)[ref.key];
  if (text === undefined) throw new Error(`${own.name}: the variable ${name} has no value`);
  return text;
}

/** `$(NAME)` is a variable of the container when there is one of that name, `$$` a dollar. */
export const expand = (text: string, container: PodContainer, plan: Plan, own: OwnPod): string =>
  text.replace(/\$\$|\$\((\w+)\)/g, (whole, name: string | undefined) => {
    if (name === undefined) return "$";
    const found = container.env?.find((entry) => entry.name === name);
    return found ? variableValue(plan, found, container, own) : whole;
  });

export function portNumber(maker: PodMaker, port: number | string | undefined): number {
  const found = typeof port === "number" ? port : onlyContainer(maker).ports?.find(({ name }) => name === port)?.containerPort;
  if (found === undefined) throw new Error(`${maker.name}: a probe asks the port ${port}, which the container does not have`);
  return found;
}

const units: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

function bytes(quantity: string): string {
  const [, number = "", unit = ""] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  if (number === "") throw new Error(`a quantity that is not read here: ${quantity}`);
  return String(Number(number) * (units[unit] ?? 1));
}

/** The image that a pod names; one that would be built and pushed is built here. */
export async function imageOf(plan: Plan, image: string, id: string): Promise<string> {
  const built = pushedImagesOf(plan).find(({ digest }) => digest === image);
  if (!built) return image;
  const { build } = built;
  const tag = `${id}:${built.name.replace(/.*:/, "")}`;
  const args = Object.entries(build.args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await docker(
    ["build", "--quiet", "--tag", tag, "--label", `io.groundplan.replay=${id}`, "--file", build.dockerfile, ...args, build.context],
    300_000,
  );
  return tag;
}
