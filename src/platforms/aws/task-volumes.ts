import type { input } from "@pulumi/aws/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerDefinition } from "./container.ts";

/** A folder that a task has beside the image: its own empty one, or one of a file system. */
export interface TaskVolume {
  readonly name: string;
  /** Where the main container has it. */
  readonly path: string;
  readonly readOnly: boolean;
  /** @default an empty folder that goes with the task */
  readonly fileSystem?: input.ecs.TaskDefinitionVolumeEfsVolumeConfiguration;
}

/** Volumes as a task definition declares them. */
export const declared = (volumes: readonly TaskVolume[]): pulumi.Input<input.ecs.TaskDefinitionVolume>[] =>
  volumes.map(({ name, fileSystem }) => ({ name, ...(fileSystem ? { efsVolumeConfiguration: fileSystem } : {}) }));

/** Volumes as the main container mounts them. */
export const mounted = (volumes: readonly TaskVolume[]): ContainerDefinition["mountPoints"] =>
  volumes.map(({ name, path, readOnly }) => ({ sourceVolume: name, containerPath: path, readOnly }));
