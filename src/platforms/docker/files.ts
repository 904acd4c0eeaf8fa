import { dirname } from "node:path";
import { Container } from "@pulumi/docker/container.js";
import { Volume } from "@pulumi/docker/volume.js";
import * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../../core/naming.ts";
import { quietly } from "../../core/quietly.ts";
import { resolveText, type Secrets } from "../../core/text.ts";
import type { FileSpec } from "../../core/workload.ts";
import { confined } from "./container.ts";
import type { DockerContext } from "./context.ts";

export interface FilesVolume {
  readonly folder: string;
  readonly volumeName: pulumi.Output<string>;
  readonly carrier: Container;
}

/**
 * Files for a container with a read-only root: a volume named by the hash of its content, filled by a carrier
 * container that is never started. A changed file gives a new volume, and with it a new container.
 */
export function filesVolume(
  context: DockerContext,
  parent: pulumi.Resource,
  system: string,
  name: string,
  image: pulumi.Input<string>,
  files: readonly FileSpec[],
  secrets: Secrets,
): FilesVolume | undefined {
  // The folder that all others lie in.
  const folder = files.map(({ path }) => dirname(path)).toSorted((a, b) => a.length - b.length)[0];
  if (folder === undefined) return undefined;
  if (files.some(({ path }) => !path.startsWith(`${folder}/`))) throw new Error(`${name}: all files of a container must share one folder`);
  const contents = files.map((file) => resolveText(file.content, secrets));
  const hash = pulumi.all(contents).apply((all) => shortHash(JSON.stringify(all.map((content, i) => [files[i]?.path, content]))));
  // Ten digits of a hash over 190 random bits tell nothing about them.
  const volumeName = pulumi.unsecret(pulumi.interpolate`${context.physical(name)}-files-${hash}`);
  return quietly(() => {
    // Named, because going back after a failed update would meet an old volume that is still to be deleted.
    const volume = new Volume(
      `${name}-files`,
      { name: volumeName, labels: context.labels(system, "files") },
      context.place(parent, { deleteBeforeReplace: true }),
    );
    const carrier = new Container(
      `${name}-carrier`,
      {
        ...confined,
        // Uploads into a read-only root are refused; this container never runs, or as Compose starts it does nothing.
        readOnly: false,
        user: "65534:65534",
        memory: 32,
        memorySwap: 32,
        name: context.physical(`${name}-carrier`),
        image,
        start: false,
        mustRun: false,
        restart: "no",
        networkMode: "none",
        volumes: [{ volumeName: volume.name, containerPath: folder }],
        uploads: files.map((file, index) => ({ file: file.path, content: contents[index] ?? "", permissions: "0444" })),
        labels: context.labels(system, "files"),
      },
      context.place(parent, { deleteBeforeReplace: true }),
    );
    return { folder, volumeName: volume.name, carrier };
  });
}
