import type { ParameterGroupArgs } from "@pulumi/aws/elasticache/parameterGroup.js";
import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { UserArgs } from "@pulumi/aws/elasticache/user.js";
import type { Input } from "@pulumi/pulumi";
import type { Problem } from "../../../src/core/problems.ts";
import type { Profile } from "../../../src/core/profile.ts";
import { instanceMemoryMiB } from "../../../src/platforms/aws/instance-memory.ts";
import { usualWindows } from "../aws-args.ts";
import type { RedisModel } from "../model.ts";
import { monitorCommands } from "../spec.ts";

export const port = 6379;

/** Versions that ElastiCache offers, November 2026: it has no Redis after 7.1. */
const versions = {
  valkey: { version: "8.1", family: "valkey8" },
  redis: { version: "7.1", family: "redis7" },
} as const;

export const logTypes = ["slow-log", "engine-log"] as const;

export interface Surroundings {
  readonly id: string;
  readonly description: string;
  readonly finalSnapshot: Input<string>;
  readonly subnetGroup: Input<string>;
  readonly parameterGroup: Input<string>;
  readonly securityGroup: Input<string>;
  readonly userGroup: Input<string>;
  readonly dataKey: Input<string>;
  readonly logGroups: Readonly<Record<(typeof logTypes)[number], Input<string>>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Nodes of the group, the primary included. */
export const nodesOf = ({ aws, replicas }: RedisModel, { cacheNodes }: Profile["aws"]) => aws.nodes ?? replicas ?? cacheNodes;

type Guards = Pick<Profile, "guardData" | "backupDays" | "aws">;

export function replicationGroupInputs(model: RedisModel, profile: Guards, around: Surroundings): ReplicationGroupArgs {
  const { aws } = model;
  const nodes = nodesOf(model, profile.aws);
  return {
    replicationGroupId: around.id,
    description: around.description,
    engine: model.engine,
    engineVersion: versions[model.engine].version,
    nodeType: aws.nodeType ?? profile.aws.cacheType,
    port,
    clusterMode: "disabled",
    numCacheClusters: nodes,
    automaticFailoverEnabled: nodes > 1,
    multiAzEnabled: nodes > 1,
    atRestEncryptionEnabled: true,
    kmsKeyId: around.dataKey,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    userGroupIds: [around.userGroup],
    subnetGroupName: around.subnetGroup,
    securityGroupIds: [around.securityGroup],
    parameterGroupName: around.parameterGroup,
    autoMinorVersionUpgrade: true,
    applyImmediately: !profile.guardData,
    maintenanceWindow: aws.maintenanceWindow ?? usualWindows.maintenance,
    snapshotRetentionLimit: aws.snapshotDays ?? profile.backupDays,
    snapshotWindow: aws.snapshotWindow ?? usualWindows.snapshot,
    ...(profile.guardData ? { finalSnapshotIdentifier: around.finalSnapshot } : {}),
    logDeliveryConfigurations: logTypes.map((logType) => ({
      logType,
      logFormat: "json",
      destinationType: "cloudwatch-logs",
      destination: around.logGroups[logType],
    })),
    tags: around.tags,
  };
}

export const parameterGroup = (name: string, { engine, maxMemoryPolicy }: RedisModel): Omit<ParameterGroupArgs, "name" | "tags"> => ({
  family: versions[engine].family,
  description: `Settings of ${name}`,
  parameters: [{ name: "maxmemory-policy", value: maxMemoryPolicy }],
});

/** The application's user: everything but what endangers the server. ElastiCache itself keeps back what administers nodes. */
export const appUser = "app";
/** Whoever watches it. */
export const monitorUser = "monitor";
const appAccess = "on ~* &* +@all -@dangerous +info";
/** Every group needs a user of this name. Clients that name no user come in as this one: it is off. */
const defaultAccess = "off ~* -@all";

/** Every user of the group, and what it may do. */
const accessOf = { app: appAccess, monitor: `on ${monitorCommands}`, default: defaultAccess } as const;
export type CacheUser = keyof typeof accessOf;

export const userInputs = (
  who: CacheUser,
  { engine }: RedisModel,
  userId: string,
  password: Input<string>,
  tags: Readonly<Record<string, string>>,
): UserArgs => ({
  engine,
  userId,
  userName: who,
  accessString: accessOf[who],
  authenticationMode: { type: "password", passwords: [password] },
  tags,
});

/** What ElastiCache cannot do with these arguments. */
export function redisProblems(component: string, { aws, memoryMiB }: RedisModel, profile: Profile): Problem[] {
  const type = aws.nodeType ?? profile.aws.cacheType;
  const has = instanceMemoryMiB(type);
  if (memoryMiB === undefined || has === undefined || memoryMiB <= has) return [];
  const fix = "set aws.nodeType to a larger type, or leave memoryMiB out";
  return [{ component, path: "memoryMiB", value: memoryMiB, rule: `at most what ${type} has: ${has} MiB`, fix }];
}
