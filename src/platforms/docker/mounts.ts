import type { ContainerVolume } from "@pulumi/docker/types/input.js";
import type { Volume } from "@pulumi/docker/volume.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import type { SystemScope, VolumeHandle } from "../../core/platform.ts";
import type { ContainerSpec, VolumeSpec } from "../../core/workload.ts";
import type { DockerContext } from "./context.ts";
import type { FilesVolume } from "./files.ts";
import { namedVolume, ownedByImage, ownVolume } from "./volume.ts";

interface DockerVolume {
  readonly volume: Volume;
  /** Set when a step must give the volume to its user first. */
  readonly ready?: Ready;
}

const handles = new WeakMap<object, DockerVolume>();

/** A volume that is writable for the user `owner` runs as. */
export function ownedVolume(
  context: DockerContext,
  parent: pulumi.Resource,
  system: string,
  name: string,
  spec: VolumeSpec,
  owner: ContainerSpec,
): VolumeHandle {
  const volume = namedVolume(context, parent, system, name, spec);
  const ready = ownedByImage(owner, spec) ? undefined : ownVolume(context, parent, system, name, volume, owner);
  const handle = Object.freeze({}) as VolumeHandle;
  handles.set(handle, { volume, ...(ready ? { ready } : {}) });
  return handle;
}

export interface Mounts {
  readonly volumes: ContainerVolume[];
  readonly ready: readonly Ready[];
}

/** Mounts the volumes of a container; its own data volumes are named after the replica. */
export function mountVolumes(context: DockerContext, parent: pulumi.Resource, scope: SystemScope, spec: ContainerSpec, replica: string): Mounts {
  const mounted = spec.volumes.map((volume) => {
    const shared = volume.kind === "shared" ? scope.shared[volume.name] : undefined;
    const handle = shared ?? ownedVolume(context, parent, scope.system, `${replica}-${volume.name}`, volume, spec);
    const made = handles.get(handle);
    if (!made) throw new Error(`the volume ${volume.name} of ${replica} belongs to another platform`);
    return { mount: { volumeName: made.volume.name, containerPath: volume.path }, ready: made.ready };
  });
  return { volumes: mounted.map(({ mount }) => mount), ready: mounted.flatMap(({ ready }) => (ready ? [ready] : [])) };
}

/** The config volume of a container, read-only. */
export const filesMount = (files: FilesVolume | undefined): ContainerVolume[] =>
  files ? [{ volumeName: files.volumeName, containerPath: files.folder, readOnly: true }] : [];
