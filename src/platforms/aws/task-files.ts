import { images } from "../../core/images.ts";
import type { FileSpec } from "../../core/workload.ts";
import { type ContainerDefinition, confined, helperMiB, type LogConfiguration } from "./container.ts";
import { fileVariable } from "./values.ts";

/** The volume that carries files from the step that writes them to the container that reads them. */
export const fileVolume = "files";

export interface WrittenFiles {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: ContainerDefinition["secrets"];
}

/**
 * Writes the files of a container before it starts. The volume belongs to root on Fargate, so this step runs as root, but
 * with no capability and a root file system that it cannot write.
 */
export function fileWriter(
  name: string,
  image: string,
  files: readonly FileSpec[],
  written: WrittenFiles,
  log: LogConfiguration,
): ContainerDefinition {
  const steps = files.map(({ path }, index) => {
    const file = `/files/${path.slice(path.lastIndexOf("/") + 1)}`;
    return `printf %s "$${fileVariable(index)}" >'${file}' && chmod 0444 '${file}'`;
  });
  return {
    name: `${name}-files`,
    image,
    essential: false,
    entryPoint: ["sh", "-ec"],
    command: [steps.join(" && ")],
    cpu: 0,
    memory: helperMiB,
    user: "0:0",
    readonlyRootFilesystem: true,
    environment: Object.entries(written.env).map(([variable, value]) => ({ name: variable, value })),
    secrets: written.secrets,
    portMappings: [],
    dependsOn: [],
    mountPoints: [{ sourceVolume: fileVolume, containerPath: "/files", readOnly: false }],
    ...confined([]),
    logConfiguration: log,
  };
}

/** Asks the probe for an image that has no program for it, over the loopback of the task. */
export function prober(name: string, image: string, check: ContainerDefinition["healthCheck"], log: LogConfiguration): ContainerDefinition {
  return {
    name: `${name}-prober`,
    image,
    essential: true,
    entryPoint: ["sleep", "2147483647"],
    cpu: 0,
    memory: helperMiB,
    user: `${images.toolbox.uid}:${images.toolbox.gid}`,
    readonlyRootFilesystem: true,
    environment: [],
    secrets: [],
    portMappings: [],
    ...(check ? { healthCheck: check } : {}),
    dependsOn: [{ containerName: name, condition: "START" }],
    mountPoints: [],
    stopTimeout: 2,
    ...confined([]),
    logConfiguration: log,
  };
}
