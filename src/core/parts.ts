import type { Connection } from "./connection.ts";
import { type ImageFacts, type ImageName, images } from "./images.ts";
import { describeProbe } from "./probe.ts";
import type { Profile } from "./profile.ts";
import type { Ask, Digest } from "./system.ts";
import type { ContainerSpec, FileSpec, JobSpec, PartPort, Resources, WorkloadSpec } from "./workload.ts";

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

/** The secret-free summary of a system, from what it really runs: its main workload, and those beside it. */
export function digestOf(kind: string, profile: Profile, main: WorkloadSpec, beside: readonly WorkloadSpec[] = []): Digest {
  const all = [main, ...beside];
  const variables = all.flatMap(({ bindings }) => bindings.flatMap(({ key, variables: names = [] }) => names.map((name) => `${key}=${name}`)));
  const portOf = ({ workload, port }: PartPort) => all.find(({ name }) => name === workload)?.ports[port]?.port ?? 0;
  return {
    kind,
    profile: profile.name,
    replicas: main.replicas,
    probe: describeProbe(main.probe),
    probes: Object.fromEntries(all.map(({ name, probe }) => [name, describeProbe(probe)])),
    bindings: Object.fromEntries(all.flatMap(({ bindings }) => bindings.map(({ key, to }) => [key, addressOf(to)]))),
    ...(variables.length > 0 ? { variables } : {}),
    reaches: Object.fromEntries(
      all.map(({ name, bindings, reaches = [] }) => {
        const paths = [...bindings.map(({ to }) => addressOf(to)), ...reaches.map((part) => `${part.workload}:${portOf(part)}`)];
        return [name, [...new Set(paths)].toSorted()];
      }),
    ),
    published: all.flatMap(({ ports }) => Object.entries(ports).flatMap(([name, port]) => (port.published ? [name] : []))),
    storageGiB: all.flatMap(({ volumes }) => volumes).reduce((sum, volume) => sum + volume.storageGiB, 0),
    egress: all.flatMap(({ egress }) => egress.map(({ host, port }) => `${host}:${port}`)),
  };
}

/** Workload and port that a binding leads to. */
const addressOf = (to: Connection) => `${to.summary.workload}:${to.summary.port}`;

/** Sizes that somebody wrote down: a target that has them otherwise, or not at all, says so. */
export const sizeAsks = ({ memoryMiB, storageGiB }: { readonly memoryMiB?: number; readonly storageGiB?: number }): Ask[] => [
  ...(memoryMiB === undefined ? [] : [{ capability: "memorySize" as const, path: "memoryMiB", value: memoryMiB }]),
  ...(storageGiB === undefined ? [] : [{ capability: "storageSize" as const, path: "storageGiB", value: storageGiB }]),
];
