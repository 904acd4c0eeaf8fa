import * as pulumi from "@pulumi/pulumi";
import type { ContainerSpec } from "../../core/workload.ts";
import { checkoutStep, tokenPrefix } from "./checkouts.ts";
import { type ContainerDefinition, confined, logConfiguration, lowPorts } from "./container.ts";
import type { AwsContext } from "./context.ts";
import type { AwsImage } from "./images.ts";
import type { TaskArgs } from "./task.ts";
import { fileWriter, type WrittenFiles } from "./task-files.ts";
import { mounted, type TaskVolume } from "./task-volumes.ts";
import { filePrefix } from "./values.ts";

export interface TaskParts {
  readonly memoryMiB: number;
  readonly image: AwsImage;
  readonly toolbox: AwsImage | undefined;
  readonly git: AwsImage | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly valuesFrom: Readonly<Record<string, pulumi.Output<string>>>;
  readonly volumes: readonly TaskVolume[];
  readonly path: string;
}

/** Steps that end before the main container starts, that one, and what runs beside it. */
export function containers(context: AwsContext, { name, spec, main, beside, checkouts = [] }: TaskArgs, parts: TaskParts): pulumi.Output<string> {
  const log = (prefix: string) => logConfiguration(parts.path, context.region, prefix);
  const reference = (image: AwsImage | undefined) => image?.reference ?? pulumi.output("");
  const { image, toolbox, git } = parts;
  const named = pulumi.all([reference(image), reference(toolbox), reference(git), pulumi.all(parts.valuesFrom)]);
  return named.apply(([program, tools, fetcher, from]) => {
    const secrets = Object.entries(from).map(([variable, valueFrom]) => ({ name: variable, valueFrom }));
    const written: WrittenFiles = { env: parts.files, secrets: secrets.filter((s) => s.name.startsWith(filePrefix)) };
    const steps = [
      ...(spec.files.length > 0 ? [fileWriter(name, tools, spec.files, written, log("files"))] : []),
      ...checkouts.map((checkout) => checkoutStep(name, fetcher, checkout, secrets, log(`checkout-${checkout.name}`))),
    ];
    const definition: ContainerDefinition = {
      name,
      image: program,
      essential: true,
      ...(spec.entrypoint ? { entryPoint: spec.entrypoint } : {}),
      ...(spec.command ? { command: spec.command } : {}),
      cpu: Math.ceil(spec.resources.cpus * 1024),
      memory: parts.memoryMiB,
      user: `${spec.uid}:${spec.gid}`,
      readonlyRootFilesystem: spec.readOnlyRoot,
      environment: pairs(parts.env),
      secrets: secrets.filter((s) => !s.name.startsWith(filePrefix) && !s.name.startsWith(tokenPrefix)).toSorted(byName),
      portMappings: main?.portMappings ?? [],
      ...(main?.healthCheck ? { healthCheck: main.healthCheck } : {}),
      ...(main?.stopTimeout ? { stopTimeout: main.stopTimeout } : {}),
      dependsOn: steps.map((step) => ({ containerName: step.name, condition: "SUCCESS" })),
      mountPoints: mounted(parts.volumes),
      ...confined(spec.scratch),
      logConfiguration: log(name),
    };
    const list: ContainerDefinition[] = [...steps, definition, ...(beside ? [beside(log("prober"), tools)] : [])];
    const systemControls = lowPorts(spec, definition);
    return JSON.stringify(list.map((one) => ({ ...one, systemControls })));
  });
}

export const folderOf = (spec: ContainerSpec) => (spec.files[0]?.path ?? "/").replace(/\/[^/]*$/, "");
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
const pairs = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .map(([name, value]) => ({ name, value }))
    .toSorted(byName);
