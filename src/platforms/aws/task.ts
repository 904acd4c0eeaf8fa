import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../core/text.ts";
import type { CheckoutSpec, ContainerSpec } from "../../core/workload.ts";
import { checkoutDiskGiB, checkoutTokens, checkoutVolumes } from "./checkouts.ts";
import { type ContainerDefinition, helperMiB } from "./container.ts";
import type { AwsContext, AwsRole } from "./context.ts";
import { taskSize } from "./fargate.ts";
import type { Group } from "./groups.ts";
import { type AwsRoleHandle, role, type Statement } from "./iam.ts";
import { type Architecture, imageOf } from "./images.ts";
import { logGroup, logPath } from "./logs.ts";
import type { SecretKeyRef } from "./secrets.ts";
import { containers, folderOf } from "./task-containers.ts";
import { fileVolume } from "./task-files.ts";
import { reachImages, reachTaskServices } from "./task-reach.ts";
import { executionStatements } from "./task-roles.ts";
import { declared, type TaskVolume } from "./task-volumes.ts";
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
  /** Folders of a file system. */
  readonly volumes?: readonly TaskVolume[];
  /** Repositories that are fetched before the main container starts. */
  readonly checkouts?: readonly CheckoutSpec[];
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
  const { component, name, spec, secrets, group, checkouts = [] } = args;
  const image = imageOf(context, spec.image, component, args.architecture);
  const toolbox = spec.files.length > 0 || args.beside ? imageOf(context, { table: "toolbox" }, component) : undefined;
  const git = checkouts.length > 0 ? imageOf(context, { table: "git" }, component) : undefined;
  const images = [image, toolbox, git].filter((one) => one !== undefined);
  const env = partedEnv(spec, secrets);
  const files = partedFiles(spec.files, secrets);
  const kept = keepValues(context, parent, component, name, { ...env.kept, ...files.kept, ...checkoutTokens(checkouts) }, args.references ?? {});
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
  const volumes = [
    ...(spec.files.length > 0 ? [{ name: fileVolume, path: folderOf(spec), readOnly: true }] : []),
    ...(args.volumes ?? []),
    ...checkoutVolumes(checkouts),
  ];
  const diskGiB = checkoutDiskGiB(checkouts);
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
      containerDefinitions: containers(context, args, {
        memoryMiB: mainMiB,
        image,
        toolbox,
        git,
        env: env.plain,
        files: files.plain,
        valuesFrom: kept.valuesFrom,
        volumes,
        path,
      }),
      volumes: declared(volumes),
      ...(diskGiB === undefined ? {} : { ephemeralStorage: { sizeInGib: diskGiB } }),
      tags: context.tags(component, args.role, name),
    },
    context.place(parent, { dependsOn: [...execution.ready, ...process.ready, logs, ...kept.ready] }),
  );
  const ready = [...execution.ready, ...process.ready, logs, ...kept.ready, ...ways];
  return { definition, execution, process, logPath: path, memoryShare: mainMiB / memory, ready };
}
