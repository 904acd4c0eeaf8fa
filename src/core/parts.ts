import { type ImageFacts, type ImageName, images } from "./images.ts";
import { describeProbe } from "./probe.ts";
import type { Profile } from "./profile.ts";
import type { Ask, Digest } from "./system.ts";
import type { ContainerSpec, FileSpec, JobSpec, Resources, WorkloadSpec } from "./workload.ts";

/** Folder in which containers find the files of their spec. */
export const filesFolder = "/etc/groundplan";

type Confined = Omit<ContainerSpec, "files" | "volumes">;

/** A container of a row of the image table: as the image's own user, with a read-only root. */
export function tableContainer(table: ImageName, resources: Resources): Confined {
  const { uid, gid }: ImageFacts = images[table];
  return { image: { table }, env: {}, uid, gid, readOnlyRoot: true, scratch: ["/tmp"], resources };
}

/** What a server of the image table needs beside its container: its tools, how it stops, and no way out. */
export function tableServer(table: ImageName): Pick<WorkloadSpec, "tools" | "stopSignal" | "stopSeconds" | "bindings" | "egress"> {
  const { tools, stopSignal, stopSeconds }: ImageFacts = images[table];
  return { tools, stopSignal, stopSeconds, bindings: [], egress: [] };
}

/** The check that `verify` runs for a system: a script in its network, with the files that it reads. */
export function checkJob(system: string, container: Confined, script: FileSpec["content"], files: readonly FileSpec[] = []): JobSpec {
  const path = `${filesFolder}/check.sh`;
  return {
    ...container,
    name: `${system}-check`,
    when: "verify",
    joins: system,
    after: [system],
    entrypoint: ["sh", path],
    files: [{ path, content: script }, ...files],
    volumes: [],
    timeoutSeconds: 90,
  };
}

/** The secret-free summary of a system, from what it really runs. */
export function digestOf(kind: string, profile: Profile, workload: WorkloadSpec): Digest {
  return {
    kind,
    profile: profile.name,
    replicas: workload.replicas,
    probe: describeProbe(workload.probe),
    bindings: Object.fromEntries(workload.bindings.map(({ key, to }) => [key, `${to.system}:${to.summary.port}`])),
    published: Object.entries(workload.ports).flatMap(([name, port]) => (port.published ? [name] : [])),
    storageGiB: workload.volumes.reduce((sum, volume) => sum + volume.storageGiB, 0),
    egress: workload.egress.map(({ host, port }) => `${host}:${port}`),
  };
}

/** Sizes that somebody wrote down: a target that has them otherwise, or not at all, says so. */
export const sizeAsks = ({ memoryMiB, storageGiB }: { readonly memoryMiB?: number; readonly storageGiB?: number }): Ask[] => [
  ...(memoryMiB === undefined ? [] : [{ capability: "memorySize" as const, path: "memoryMiB", value: memoryMiB }]),
  ...(storageGiB === undefined ? [] : [{ capability: "storageSize" as const, path: "storageGiB", value: storageGiB }]),
];
