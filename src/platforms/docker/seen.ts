import type Docker from "dockerode";
import { labelKeys } from "../../core/labels.ts";
import { stackContainers } from "./daemon.ts";

/** A container as the daemon has it, with what tells whether it is still what was planned. */
export interface SeenContainer {
  readonly id: string;
  readonly name: string;
  readonly component: string;
  readonly role: string;
  readonly engine: string;
  /** `running`, `exited`, `restarting`, `created`, `paused` ... */
  readonly state: string;
  /** Undefined without a health check. */
  readonly health: string | undefined;
  readonly exitCode: number;
  /** What the daemon says of a start that failed; empty otherwise. */
  readonly error: string;
  readonly outOfMemory: boolean;
  readonly restarts: number;
  /** When it got into its state, ISO 8601; undefined when it never started. */
  readonly since: string | undefined;
  /** As it was asked for: a reference, or an id. */
  readonly image: string;
  readonly imageId: string;
  readonly env: readonly string[];
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly user: string;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly readOnlyRoot: boolean;
  readonly healthTest: readonly string[];
  readonly networks: readonly string[];
  /** `127.0.0.1:5432->5432`. */
  readonly ports: readonly string[];
  /** `<volume or folder>:<path in the container>`. */
  readonly mounts: readonly string[];
}

/** Everything of this copy of the stack, looked at one by one. What is removed in between is left out. */
export async function seenContainers(docker: Docker, prefix: string): Promise<SeenContainer[]> {
  const all = await stackContainers(docker, prefix);
  const looked = await Promise.all(
    all.map(async ({ id }) =>
      docker
        .getContainer(id)
        .inspect()
        .catch(() => undefined),
    ),
  );
  return looked.flatMap((info) => (info ? [seen(info)] : []));
}

const mebibyte = 1024 ** 2;

function seen(info: Docker.ContainerInspectInfo): SeenContainer {
  const { State, Config, HostConfig, NetworkSettings } = info;
  const labels = Config.Labels ?? {};
  const running = State.Running && !State.Restarting;
  return {
    id: info.Id,
    name: info.Name.slice(1),
    component: labels[labelKeys.component] ?? "",
    role: labels[labelKeys.role] ?? "",
    engine: labels[labelKeys.engine] ?? "",
    state: State.Status,
    health: State.Health?.Status,
    exitCode: State.ExitCode,
    error: State.Error,
    outOfMemory: State.OOMKilled,
    restarts: info.RestartCount,
    since: happened(running ? State.StartedAt : State.FinishedAt),
    image: Config.Image,
    imageId: info.Image,
    env: Config.Env ?? [],
    command: Config.Cmd ?? [],
    entrypoint: [Config.Entrypoint ?? []].flat(),
    user: Config.User,
    memoryMiB: (HostConfig.Memory ?? 0) / mebibyte,
    cpus: (HostConfig.NanoCpus ?? 0) / 1e9,
    readOnlyRoot: HostConfig.ReadonlyRootfs ?? false,
    healthTest: Config.Healthcheck?.Test ?? [],
    networks: Object.keys(NetworkSettings.Networks ?? {}).toSorted(),
    ports: portsOf((HostConfig.PortBindings ?? {}) as PortBindings),
    mounts: (info.Mounts ?? []).map(({ Name, Source, Destination }) => `${Name ?? Source}:${Destination}`).toSorted(),
  };
}

type PortBindings = Readonly<Record<string, readonly { readonly HostIp?: string; readonly HostPort?: string }[] | null>>;

const portsOf = (bindings: PortBindings): string[] =>
  Object.entries(bindings)
    .flatMap(([inside, outside]) => (outside ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}->${inside.split("/")[0]}`))
    .toSorted();

/** The daemon writes the year 1 for what never happened. */
const happened = (moment: string) => (moment.startsWith("0001-") ? undefined : moment);

/** What the daemon has under the references that a plan names: id, and the variables that the image sets by itself. */
export interface SeenImage {
  readonly id: string;
  readonly env: readonly string[];
}

/** Images by reference or id; what the daemon does not have is left out. */
export async function seenImages(docker: Docker, references: readonly string[]): Promise<ReadonlyMap<string, SeenImage>> {
  const found = await Promise.all(
    [...new Set(references)].map(async (reference) => {
      const info = await docker
        .getImage(reference)
        .inspect()
        .catch(() => undefined);
      return info ? [[reference, { id: info.Id, env: info.Config?.Env ?? [] }] as const] : [];
    }),
  );
  return new Map(found.flat());
}
