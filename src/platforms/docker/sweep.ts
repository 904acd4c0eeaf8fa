import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { labelKeys } from "../../core/labels.ts";

export interface SweepOptions {
  readonly prefix: string;
  /** Data too; otherwise only what can be made again. */
  readonly data: boolean;
  /** How long the daemon may take to let go of a network. @default 20000 */
  readonly patienceMs?: number;
}

/** The daemon does not let go of something that nothing uses. */
export class HeldByDaemon extends Error {}

/** Removes what carries the stack's label: containers, networks, volumes without data, and built images. */
export async function sweep(docker: Docker, { prefix, data, patienceMs = usualPatienceMs }: SweepOptions): Promise<string[]> {
  const filters = { label: [`${labelKeys.stack}=${prefix}`] };
  const removed: string[] = [];
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async (container) => {
      await removeContainer(docker, container);
      removed.push(`container ${container.Names[0]?.slice(1)}`);
    }),
  );
  const held: string[] = [];
  for (const { Id, Name } of await docker.listNetworks({ filters })) {
    if (await removeNetwork(docker, Id, patienceMs)) removed.push(`network ${Name}`);
    else held.push(Name);
  }
  const { Volumes } = await docker.listVolumes({ filters });
  for (const { Name, Labels } of Volumes ?? []) {
    if (!data && Labels?.[labelKeys.role] === "data") continue;
    await docker.getVolume(Name).remove();
    removed.push(`volume ${Name}`);
  }
  if (data) removed.push(...(await builtImages(docker, prefix)));
  // Seen with daemon 20.10: it counts what no container has any more, until it is started again. All else is gone by now.
  if (held.length > 0)
    throw new HeldByDaemon(`the daemon holds on to ${held.join(", ")}, and everything else is gone; restart the daemon, then down again`);
  return removed;
}

async function builtImages(docker: Docker, prefix: string): Promise<string[]> {
  const [images, containers, { Volumes }] = await Promise.all([docker.listImages(), docker.listContainers({ all: true }), docker.listVolumes()]);
  // Images built by an engine have no label, and the names of `shop-dev` begin those of its isolated copy `shop-dev-two`.
  const copies = [...containers, ...(Volumes ?? [])]
    .map(({ Labels }) => Labels?.[labelKeys.stack] ?? "")
    .filter((stack) => stack.startsWith(`${prefix}-`));
  // As the platform names what it builds: the component and twelve digits of the content.
  const ours = new RegExp(`^${prefix}-[a-z0-9-]+:[0-9a-f]{12}$`);
  const tags = images
    .flatMap((image) => image.RepoTags ?? [])
    .filter((tag) => ours.test(tag) && !copies.some((stack) => tag.startsWith(`${stack}-`)));
  await Promise.all(tags.map((tag) => docker.getImage(tag).remove({ force: true }).catch(ignoreGone)));
  return tags.map((tag) => `image ${tag}`);
}

const inUse = 403;
const usualPatienceMs = 20_000;

/** Whether the network is gone; false when the daemon still counts something on it when the time is over. */
async function removeNetwork(docker: Docker, id: string, patience: number): Promise<boolean> {
  for (const deadline = Date.now() + patience; ; await sleep(500)) {
    const refused = await docker
      .getNetwork(id)
      .remove()
      .then(
        () => false,
        (error: { statusCode?: number }) => error.statusCode === inUse || ignoreGone(error),
      );
    if (!refused) return true;
    if (Date.now() > deadline) return false;
  }
}

export interface Current {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** Removes the containers of parts that are no longer planned. Compose would remove them as orphans, but not their unnamed volumes. */
export async function dropStrayContainers(docker: Docker, prefix: string, { containers }: Pick<Current, "containers">): Promise<void> {
  const all = await docker.listContainers({ all: true, filters: { label: [`${labelKeys.stack}=${prefix}`] } });
  const strays = all.filter(({ Names }) => !Names.some((name) => containers.includes(name.slice(1))));
  await Promise.all(strays.map((stray) => removeContainer(docker, stray)));
}

/**
 * With the unnamed volumes that its image asks for: Docker removes those that the container made, but not those that
 * Compose handed on to it from the container that it replaced.
 */
async function removeContainer(docker: Docker, { Id, Mounts }: Docker.ContainerInfo): Promise<void> {
  await docker.getContainer(Id).stop().catch(ignoreGone);
  await docker.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone);
  const unnamed = Mounts.flatMap(({ Type, Name }) => (Type === "volume" && Name && /^[0-9a-f]{64}$/.test(Name) ? [Name] : []));
  await Promise.all(unnamed.map((name) => docker.getVolume(name).remove().catch(ignoreGone)));
}

/** A container or a network of a stack. */
export interface StackPart {
  readonly kind: "container" | "network";
  readonly id: string;
  readonly name: string;
}

/** Every container and network of a stack. */
export async function stackParts(docker: Docker, prefix: string): Promise<StackPart[]> {
  const filters = { label: [`${labelKeys.stack}=${prefix}`] };
  const [containers, networks] = await Promise.all([docker.listContainers({ all: true, filters }), docker.listNetworks({ filters })]);
  return [
    ...containers.map(({ Id, Names }): StackPart => ({ kind: "container", id: Id, name: Names[0]?.slice(1) ?? "" })),
    ...networks.map(({ Id, Name }): StackPart => ({ kind: "network", id: Id, name: Name })),
  ];
}

/** Removes these; their named volumes stay. */
export async function dropParts(docker: Docker, parts: readonly StackPart[]): Promise<void> {
  const ids = parts.map(({ id }) => id);
  const containers = ids.length > 0 ? await docker.listContainers({ all: true, filters: { id: ids } }) : [];
  await Promise.all(containers.map((container) => removeContainer(docker, container)));
  for (const { kind, id } of parts) if (kind === "network") await removeNetwork(docker, id, 0);
}

/** Removes volumes without data and networks of an earlier plan that nothing uses any more. */
export async function dropStale(docker: Docker, prefix: string, { networks, volumes }: Omit<Current, "containers">): Promise<void> {
  const label = `${labelKeys.stack}=${prefix}`;
  for (const { Id, Name } of await docker.listNetworks({ filters: { label: [label] } })) {
    if (!networks.includes(Name)) await docker.getNetwork(Id).remove().catch(ignoreGone);
  }
  const { Volumes } = await docker.listVolumes({ filters: { label: [label], dangling: ["true"] } });
  const stale = (Volumes ?? []).filter(({ Name, Labels }) => !volumes.includes(Name) && Labels?.[labelKeys.role] !== "data");
  await Promise.all(stale.map(({ Name }) => docker.getVolume(Name).remove().catch(ignoreGone)));
}

/** Somebody else removed or stopped it first: that is what was wanted. */
function ignoreGone(error: { statusCode?: number }): void {
  if (error.statusCode === undefined || ![304, 404, 409].includes(error.statusCode)) throw error;
}
