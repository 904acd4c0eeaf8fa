import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../core/text.ts";
import type { ContainerSpec } from "../../core/workload.ts";
import { type ContainerDefinition, confined, helperMiB, logConfiguration, lowPorts } from "./container.ts";
import type { AwsContext, AwsRole } from "./context.ts";
import { taskSize } from "./fargate.ts";
import type { Group } from "./groups.ts";
import { type AwsRoleHandle, role, type Statement } from "./iam.ts";
import { type Architecture, type AwsImage, imageOf } from "./images.ts";
import { logGroup, logPath } from "./logs.ts";
import type { SecretKeyRef } from "./secrets.ts";
import { fileVolume, fileWriter, type WrittenFiles } from "./task-files.ts";
import { reachImages, reachTaskServices } from "./task-reach.ts";
import { executionStatements } from "./task-roles.ts";
import { keepValues, partedEnv, partedFiles } from "./values.ts";

export interface TaskArgs {
  readonly component: string;
  readonly name: string;
  readonly role: AwsRole;
  readonly spec: ContainerSpec;
  readonly secrets: Secrets;
  readonly group: Group;
  /** Values of secrets that are there already, by variable. */
  readonly references?: Readonly<Record<string, SecretKeyRef>>;
  /** What the process may call. */
  readonly statements?: readonly Statement[];
  /** What the main container has beside what its spec says. */
  readonly main?: Partial<Pick<ContainerDefinition, "portMappings" | "healthCheck" | "stopTimeout">>;
  /** A container that runs beside the main one. */
  readonly beside?: (logs: ContainerDefinition["logConfiguration"], image: string) => ContainerDefinition;
  /** MiB that containers take which ECS adds by itself. */
  readonly addedMiB?: number;
  /** @default "amd64" */
  readonly architecture?: Architecture;
}

export interface Task {
  readonly definition: TaskDefinition;
  readonly execution: AwsRoleHandle;
  readonly process: AwsRoleHandle;
  /** Where its lines go. */
  readonly logPath: string;
  /** Part of the task's memory that the main container may take before it is killed, below 1. */
  readonly memoryShare: number;
  /** What has to be there before a task can start. */
  readonly ready: readonly pulumi.Resource[];
}

/** A task definition with all that it needs: log group, secret, two roles, ways to what its start needs. */
export function task(context: AwsContext, parent: pulumi.Resource, args: TaskArgs): Task {
  const { component, name, spec, secrets, group } = args;
  const image = imageOf(context, spec.image, component, args.architecture);
  const toolbox = spec.files.length > 0 || args.beside ? imageOf(context, { table: "toolbox" }, component) : undefined;
  const images = [image, ...(toolbox ? [toolbox] : [])];
  const env = partedEnv(spec, secrets);
  const files = partedFiles(spec.files, secrets);
  const kept = keepValues(context, parent, component, name, { ...env.kept, ...files.kept }, args.references ?? {});
  const logs = logGroup(context, parent, component, name);
  const path = logPath(context, name);
  const service = "ecs-tasks.amazonaws.com";
  const sourceArn = context.arn("ecs", "*");
  const execution = role(context, parent, `${name}-execution`, {
    component,
    service,
    sourceArn,
    description: `Starts tasks of ${name}`,
    statements: executionStatements(context, images, path, kept.arns),
  });
  const process = role(context, parent, `${name}-task`, {
    component,
    service,
    sourceArn,
    description: `What ${name} may do`,
    statements: args.statements ?? [],
  });
  const ways = [
    ...reachTaskServices(context, parent, group, { ecr: images.some(({ source }) => source.kind === "ecr"), secrets: kept.arns.length > 0 }),
    ...reachImages(context, parent, group, images),
  ];
  const helpers = [spec.files.length > 0, args.beside !== undefined].filter(Boolean).length;
  const otherMiB = (args.addedMiB ?? 0) + helpers * helperMiB;
  const { cpu, memory } = taskSize(spec.resources.cpus, spec.resources.memoryMiB + otherMiB) ?? { cpu: 256, memory: 512 };
  // What Fargate adds up to the next size is paid for: the main container gets it.
  const mainMiB = memory - otherMiB;
  const definition = new TaskDefinition(
    `${name}-task`,
    {
      family: context.name(name, "taskFamily"),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(cpu),
      memory: String(memory),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: args.architecture === "arm64" ? "ARM64" : "X86_64" },
      executionRoleArn: execution.arn,
      taskRoleArn: process.arn,
      containerDefinitions: containers(context, args, mainMiB, image, toolbox, env.plain, files.plain, kept.valuesFrom, path),
      volumes: spec.files.length > 0 ? [{ name: fileVolume }] : [],
      tags: context.tags(component, args.role, name),
    },
    context.place(parent, { dependsOn: [...execution.ready, ...process.ready, logs, ...kept.ready] }),
  );
  const ready = [...execution.ready, ...process.ready, logs, ...kept.ready, ...ways];
  return { definition, execution, process, logPath: path, memoryShare: mainMiB / memory, ready };
}

function containers(
  context: AwsContext,
  { name, spec, main, beside }: TaskArgs,
  memoryMiB: number,
  image: AwsImage,
  toolbox: AwsImage | undefined,
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  valuesFrom: Readonly<Record<string, pulumi.Output<string>>>,
  path: string,
): pulumi.Output<string> {
  const log = (prefix: string) => logConfiguration(path, context.region, prefix);
  return pulumi.all([image.reference, toolbox?.reference ?? pulumi.output(""), pulumi.all(valuesFrom)]).apply(([reference, tools, from]) => {
    const ofFiles = (variable: string) => variable.startsWith("GROUNDPLAN_FILE_");
    const secrets = Object.entries(from).map(([variable, valueFrom]) => ({ name: variable, valueFrom }));
    const written: WrittenFiles = { env: files, secrets: secrets.filter((s) => ofFiles(s.name)) };
    const definition: ContainerDefinition = {
      name,
      image: reference,
      essential: true,
      ...(spec.entrypoint ? { entryPoint: spec.entrypoint } : {}),
      ...(spec.command ? { command: spec.command } : {}),
      cpu: Math.ceil(spec.resources.cpus * 1024),
      memory: memoryMiB,
      user: `${spec.uid}:${spec.gid}`,
      readonlyRootFilesystem: spec.readOnlyRoot,
      environment: pairs(env),
      secrets: secrets.filter((s) => !ofFiles(s.name)).toSorted(byName),
      portMappings: main?.portMappings ?? [],
      ...(main?.healthCheck ? { healthCheck: main.healthCheck } : {}),
      ...(main?.stopTimeout ? { stopTimeout: main.stopTimeout } : {}),
      dependsOn: spec.files.length > 0 ? [{ containerName: `${name}-files`, condition: "SUCCESS" }] : [],
      mountPoints: spec.files.length > 0 ? [{ sourceVolume: fileVolume, containerPath: folderOf(spec), readOnly: true }] : [],
      ...confined(spec.scratch),
      logConfiguration: log(name),
    };
    const list: ContainerDefinition[] = [
      ...(spec.files.length > 0 ? [fileWriter(name, tools, spec.files, written, log("files"))] : []),
      definition,
      ...(beside ? [beside(log("prober"), tools)] : []),
    ];
    const systemControls = lowPorts(spec, definition);
    return JSON.stringify(list.map((one) => ({ ...one, systemControls })));
  });
}

const folderOf = (spec: ContainerSpec) => (spec.files[0]?.path ?? "/").replace(/\/[^/]*$/, "");
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
const pairs = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .map(([name, value]) => ({ name, value }))
    .toSorted(byName);
