import type Docker from "dockerode";
import { labelKeys } from "../../core/labels.ts";

export interface SweepOptions {
  readonly prefix: string;
  /** Data too; otherwise only what can be made again. */
  readonly data: boolean;
}

/** Removes what carries the stack's label: containers, networks, volumes without data, and built images. */
export async function sweep(docker: Docker, { prefix, data }: SweepOptions): Promise<string[]> {
  const filters = { label: [`${labelKeys.stack}=${prefix}`] };
  const removed: string[] = [];
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async ({ Id, Names }) => {
      await docker.getContainer(Id).stop().catch(ignoreGone);
      await docker.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone);
      removed.push(`container ${Names[0]?.slice(1)}`);
    }),
  );
  for (const { Id, Name } of await docker.listNetworks({ filters })) {
    await docker.getNetwork(Id).remove();
    removed.push(`network ${Name}`);
  }
  const { Volumes } = await docker.listVolumes({ filters });
  for (const { Name, Labels } of Volumes ?? []) {
    if (!data && Labels?.[labelKeys.role] === "data") continue;
    await docker.getVolume(Name).remove();
    removed.push(`volume ${Name}`);
  }
  if (data) removed.push(...(await builtImages(docker, prefix)));
  return removed;
}

async function builtImages(docker: Docker, prefix: string): Promise<string[]> {
  const images = await docker.listImages();
  const tags = images.flatMap((image) => image.RepoTags ?? []).filter((tag) => tag.startsWith(`${prefix}-`));
  await Promise.all(tags.map((tag) => docker.getImage(tag).remove({ force: true }).catch(ignoreGone)));
  return tags.map((tag) => `image ${tag}`);
}

/** Volumes of earlier files that no container mounts any more. */
export async function dropStaleFiles(docker: Docker, prefix: string, current: readonly string[]): Promise<void> {
  const { Volumes } = await docker.listVolumes({
    filters: { label: [`${labelKeys.stack}=${prefix}`, `${labelKeys.role}=files`], dangling: ["true"] },
  });
  await Promise.all(
    (Volumes ?? []).filter(({ Name }) => !current.includes(Name)).map(({ Name }) => docker.getVolume(Name).remove().catch(ignoreGone)),
  );
}

/** Somebody else removed or stopped it first: that is what was wanted. */
function ignoreGone(error: { statusCode?: number }): void {
  if (error.statusCode === undefined || ![304, 404, 409].includes(error.statusCode)) throw error;
}
