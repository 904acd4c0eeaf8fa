import { realpathSync } from "node:fs";
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import type { ContainerVolume } from "@pulumi/docker/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { stateFolder } from "../../core/naming.ts";
import type { ContainerSpec, MountSpec } from "../../core/workload.ts";
import type { DockerContext } from "./context.ts";
import type { FilesVolume } from "./files.ts";
import { namedVolume, ownedByImage, ownVolume } from "./volume.ts";

export interface Mounts {
  readonly volumes: ContainerVolume[];
  /** Steps that give the volumes to their user first. */
  readonly ready: readonly Ready[];
}

/** Volumes of a container, named after the replica and writable for the user that it runs as. */
export function mountVolumes(context: DockerContext, parent: pulumi.Resource, system: string, spec: ContainerSpec, replica: string): Mounts {
  const mounted = spec.volumes.map((data) => {
    const name = `${replica}-${data.name}`;
    const volume = namedVolume(context, parent, system, name, data);
    const ready = ownedByImage(spec, data) ? [] : [ownVolume(context, parent, system, name, volume, spec)];
    return { mount: { volumeName: volume.name, containerPath: data.path }, ready };
  });
  return { volumes: mounted.map(({ mount }) => mount), ready: mounted.flatMap(({ ready }) => ready) };
}

/** Folders of the machine. */
export const folderMounts = (context: DockerContext, mounts: readonly MountSpec[]): ContainerVolume[] =>
  mounts.map(({ from, path, readOnly }) => ({ hostPath: resolve(context.root, from), containerPath: path, readOnly }));

/**
 * Empty folders over what the library keeps below the project: keys, passphrases and state. A container that has the
 * project does not have them.
 */
export const hiddenState = (context: DockerContext, mounts: readonly MountSpec[]): Record<string, string> =>
  Object.fromEntries(
    mounts.flatMap(({ from, path }) => {
      const below = relative(realpathSync(resolve(context.root, from)), join(realpathSync(context.root), stateFolder));
      const outside = below === "" || below.startsWith("..") || isAbsolute(below);
      return outside ? [] : [[posix.join(path, ...below.split(sep)), "rw,noexec,nosuid,size=64k,mode=0555"]];
    }),
  );

/** The config volume of a container, read-only. */
export const filesMount = (files: FilesVolume | undefined): ContainerVolume[] =>
  files ? [{ volumeName: files.volumeName, containerPath: files.folder, readOnly: true }] : [];
