import { z } from "zod";
import type { Plan, PlanResource } from "../../../src/preview/plan.ts";

const pair = z.strictObject({ name: z.string().min(1), value: z.string() });

/** What ECS accepts for a container on Fargate, as far as the library uses it: types, limits, and no unknown key. */
const container = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
  image: z.string().regex(/\S+[:@]\S+/),
  essential: z.boolean(),
  entryPoint: z.array(z.string()).min(1).optional(),
  command: z.array(z.string()).min(1).optional(),
  cpu: z.int().min(0),
  // A step without one may take what the task has, until the others start.
  memory: z.int().min(6).optional(),
  user: z.string().regex(/^\d+:\d+$/),
  readonlyRootFilesystem: z.boolean(),
  environment: z.array(pair),
  secrets: z.array(
    z.strictObject({ name: z.string().min(1), valueFrom: z.string().regex(/^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[^:]+:\w+::[\w-]*$/) }),
  ),
  portMappings: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9_-]{1,64}$/),
      containerPort: z.int().min(1).max(65_535),
      hostPort: z.int(),
      protocol: z.literal("tcp"),
      appProtocol: z.literal("http").optional(),
    }),
  ),
  healthCheck: z
    .strictObject({
      command: z.tuple([z.literal("CMD")], z.string()),
      interval: z.int().min(5).max(300),
      timeout: z.int().min(2).max(60),
      retries: z.int().min(1).max(10),
      startPeriod: z.int().min(0).max(300),
    })
    .optional(),
  dependsOn: z.array(z.strictObject({ containerName: z.string(), condition: z.enum(["SUCCESS", "HEALTHY", "START"]) })),
  stopTimeout: z.int().min(2).max(120).optional(),
  linuxParameters: z.strictObject({
    initProcessEnabled: z.literal(true),
    capabilities: z.strictObject({ add: z.tuple([]), drop: z.tuple([z.literal("ALL")]) }),
    tmpfs: z.array(z.strictObject({ containerPath: z.string().startsWith("/"), size: z.int().min(1), mountOptions: z.array(z.string()) })),
  }),
  ulimits: z.array(z.strictObject({ name: z.literal("nofile"), softLimit: z.int(), hardLimit: z.int() })),
  mountPoints: z.array(z.strictObject({ sourceVolume: z.string(), containerPath: z.string().startsWith("/"), readOnly: z.boolean() })),
  volumesFrom: z.tuple([]),
  systemControls: z.array(z.strictObject({ namespace: z.literal("net.ipv4.ip_unprivileged_port_start"), value: z.literal("0") })),
  logConfiguration: z.strictObject({
    logDriver: z.literal("awslogs"),
    options: z.strictObject({
      "awslogs-group": z.string(),
      "awslogs-region": z.string(),
      "awslogs-stream-prefix": z.string(),
      mode: z.literal("non-blocking"),
      "max-buffer-size": z.string(),
    }),
  }),
});

export type PlannedContainer = z.infer<typeof container>;

export interface PlannedTask {
  readonly resource: PlanResource;
  readonly containers: readonly PlannedContainer[];
}

/** Task definitions of a plan, checked against what ECS takes, and against themselves. */
export function tasksOf(plan: Plan): PlannedTask[] {
  return plan.resources
    .filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition")
    .map((resource) => {
      const containers = z
        .array(container)
        .min(1)
        .parse(JSON.parse(String(resource.inputs.containerDefinitions)));
      const { cpu, memory, volumes = [] } = resource.inputs as { cpu: string; memory: string; volumes?: { name: string }[] };
      const sum = (of: (c: PlannedContainer) => number) => containers.reduce((total, c) => total + of(c), 0);
      const names = containers.map(({ name }) => name);
      const unknown = [
        ...containers.flatMap(({ dependsOn }) => dependsOn.map(({ containerName }) => containerName)).filter((name) => !names.includes(name)),
        ...containers
          .flatMap(({ mountPoints }) => mountPoints.map(({ sourceVolume }) => sourceVolume))
          .filter((v) => !volumes.some(({ name }) => name === v)),
      ];
      if (unknown.length > 0) throw new Error(`${resource.name} refers to ${unknown.join(", ")}, which it does not have`);
      if (sum((c) => c.cpu) > Number(cpu) || sum((c) => c.memory ?? 0) > Number(memory))
        throw new Error(`${resource.name} is too small for its containers`);
      return { resource, containers };
    });
}
