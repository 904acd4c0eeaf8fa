import type { Breach, Policy, Resource } from "../model.ts";
import { hasInput, isGiven, isTrue, list, number, record, records, shown, text } from "../read.ts";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const single = "aws:elasticache/cluster:Cluster";
const serverless = "aws:elasticache/serverlessCache:ServerlessCache";
const user = "aws:elasticache/user:User";

/** A cluster that belongs to a group has its settings; one of Memcached keeps nothing. */
const isMember = (resource: Resource) => resource.type === single && hasInput(resource, "replicationGroupId");
const isSingleRedis = (resource: Resource) =>
  resource.type === single && !isMember(resource) && ["redis", "valkey"].includes(text(resource.inputs.engine) ?? "");

const atRest: Policy = {
  id: "cache-encrypted-at-rest",
  title: "Disks and snapshots of caches are encrypted",
  severity: "high",
  why: "Whoever gets hold of a snapshot or a swapped page of a cache that is not encrypted reads sessions and tokens, and encryption cannot be switched on later.",
  fix: "RedisCache does so with the key of the stack; on a raw ReplicationGroup set atRestEncryptionEnabled. A single Cluster cannot do it.",
  types: [group, single],
  scope: "resource",
  references: ["FSBP ElastiCache.4", "CKV_AWS_29", "AWS-0045"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check(resource): Breach[] {
    const { type, inputs } = resource;
    if (type === single)
      return isSingleRedis(resource) ? [{ path: "engine", is: `${shown(inputs.engine)}: a single cluster cannot be encrypted` }] : [];
    const { atRestEncryptionEnabled: on } = inputs;
    // What takes part in a global group is encrypted as that is.
    if (isTrue(on) || (on === undefined && text(inputs.engine) === "valkey") || hasInput(resource, "globalReplicationGroupId")) return [];
    return [
      {
        path: "atRestEncryptionEnabled",
        is: `${shown(on)}: ${on === undefined ? "for redis that means off" : "what is written to disk can be read"}`,
      },
    ];
  },
};

const inTransit: Policy = {
  id: "cache-encrypted-in-transit",
  title: "Caches take connections with TLS alone",
  severity: "high",
  why: "Without TLS the password of the cache and everything in it pass through the network in the clear.",
  fix: "RedisCache does so; on a raw ReplicationGroup set transitEncryptionEnabled, and transitEncryptionMode to required.",
  types: [group, single],
  scope: "resource",
  references: ["FSBP ElastiCache.5", "CKV_AWS_30", "AWS-0051"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check(resource, { stage }): Breach[] {
    const { inputs } = resource;
    if (isMember(resource)) return [];
    const { transitEncryptionEnabled: on } = inputs;
    if (!isTrue(on)) return [{ path: "transitEncryptionEnabled", is: `${shown(on)}: connections are not encrypted` }];
    const { transitEncryptionMode: mode } = inputs;
    return stage === "prod" && mode === "preferred"
      ? [{ path: "transitEncryptionMode", is: `${shown(mode)}: clients may still come without TLS, which is meant for the time of a move only` }]
      : [];
  },
};

const authenticated: Policy = {
  id: "cache-authenticated",
  title: "Caches want a password, and nobody may do everything",
  severity: "high",
  why: "Whoever reaches a cache without a password, or with a user that may do all, reads every session and can empty it.",
  fix: "RedisCache makes users with passwords; on a raw ReplicationGroup set userGroupIds or authToken, and take @dangerous out of the access string of a User.",
  types: [group, user],
  scope: "resource",
  references: ["FSBP ElastiCache.6", "CKV_AWS_31"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check: (resource) => (resource.type === user ? openUser(resource.inputs) : unguarded(resource)),
};

const unguarded = (resource: Resource): Breach[] =>
  ["authToken", "authTokenWo", "userGroupIds"].some((input) => hasInput(resource, input))
    ? []
    : [{ path: "userGroupIds", is: "is not set, and neither is authToken: whoever reaches it may use it" }];

function* openUser(inputs: Resource["inputs"]): Generator<Breach> {
  const access = text(inputs.accessString) ?? "";
  const words = access.split(/\s+/);
  if (words.includes("off")) return;
  const keys = words.some((word) => word === "~*" || word === "allkeys");
  const all = words.findLastIndex((word) => word === "+@all" || word === "allcommands");
  if (keys && all >= 0 && !words.slice(all).some((word) => word.startsWith("-")))
    yield { path: "accessString", is: `${shown(access)}: every command on every key, also those that empty or reconfigure the server` };
  if (isTrue(inputs.noPasswordRequired)) yield { path: "noPasswordRequired", is: "is true: the name alone opens the cache" };
  const { type } = record(inputs.authenticationMode);
  if (type === "no-password-required" || type === "no-password")
    yield { path: "authenticationMode.type", is: `${shown(type)}: the name alone opens the cache` };
}

const nodes = { meaning: "Least nodes of each shard, the primary included", default: { dev: 1, staging: 2, prod: 2 }, minimum: 1, maximum: 6 };

const highlyAvailable: Policy = {
  id: "cache-ha",
  title: "Caches fail over to a node in another zone",
  severity: "high",
  why: "When the node or its zone fails, a cache without a second one is empty and away until AWS has made another.",
  fix: "Set aws.nodes of RedisCache to 2 or more; on a raw ReplicationGroup set automaticFailoverEnabled, multiAzEnabled and numCacheClusters or replicasPerNodeGroup.",
  types: [group, single],
  scope: "resource",
  references: ["FSBP ElastiCache.3", "CKV2_AWS_50"],
  parameters: { nodes },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource, { parameter }) {
    const { type, inputs } = resource;
    if (type === single) {
      if (isSingleRedis(resource)) yield { path: "engine", is: `${shown(inputs.engine)}: a single cluster has no second node` };
      return;
    }
    const { automaticFailoverEnabled, multiAzEnabled } = inputs;
    if (!isTrue(automaticFailoverEnabled))
      yield { path: "automaticFailoverEnabled", is: `${shown(automaticFailoverEnabled)}: no node takes over by itself` };
    if (!isTrue(multiAzEnabled)) yield { path: "multiAzEnabled", is: `${shown(multiAzEnabled)}: all nodes may be in one zone` };
    for (const [path, count] of nodesOf(inputs))
      if (count < parameter("nodes")) yield { path, is: `gives a shard ${count} of the ${parameter("nodes")} nodes that are the least` };
  },
};

/** Nodes of each shard, with the input that says so. */
function nodesOf(inputs: Resource["inputs"]): readonly (readonly [path: string, count: number])[] {
  const shards = records(inputs.nodeGroupConfigurations);
  if (shards.length > 0)
    return shards.map(([index, { replicaCount }]) => [`nodeGroupConfigurations[${index}].replicaCount`, 1 + (number(replicaCount) ?? 0)]);
  const nodes = number(inputs.numCacheClusters);
  if (nodes !== undefined) return [["numCacheClusters", nodes]];
  const sharded = isGiven(inputs, "replicasPerNodeGroup") || isGiven(inputs, "numNodeGroups");
  return [[sharded ? "replicasPerNodeGroup" : "numCacheClusters", 1 + (number(inputs.replicasPerNodeGroup) ?? 0)]];
}

const backup: Policy = {
  id: "cache-backup",
  title: "Caches have snapshots of the last days",
  severity: "medium",
  why: "Sessions, counters and queues that live in the cache alone are lost with it when there is no snapshot.",
  fix: "Set aws.snapshotDays of RedisCache; on a raw ReplicationGroup set snapshotRetentionLimit and finalSnapshotIdentifier.",
  types: [group, serverless],
  scope: "resource",
  references: ["FSBP ElastiCache.1", "CKV_AWS_134", "AWS-0050"],
  parameters: { days: { meaning: "Least days that snapshots are kept", default: { dev: 1, staging: 1, prod: 7 }, minimum: 1, maximum: 35 } },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource, { stage, parameter }) {
    const { type, inputs } = resource;
    const { snapshotRetentionLimit: days } = inputs;
    if ((number(days) ?? 0) < parameter("days"))
      yield { path: "snapshotRetentionLimit", is: `${shown(days)}: ${parameter("days")} days are the least` };
    if (stage === "prod" && type === group && !hasInput(resource, "finalSnapshotIdentifier"))
      yield { path: "finalSnapshotIdentifier", is: "is not set: nothing is kept of a cache that is deleted" };
  },
};

const hygiene: Policy = {
  id: "cache-hygiene",
  title: "Caches are kept up to date, tell what they do, and have subnets of their own",
  severity: "low",
  why: "Fixes that are not installed become outages, a cache without logs cannot tell why it was slow, and default subnets may be anywhere.",
  fix: "RedisCache does so; on a raw ReplicationGroup set subnetGroupName, autoMinorVersionUpgrade and logDeliveryConfigurations with slow-log and engine-log.",
  types: [group],
  scope: "resource",
  references: ["FSBP ElastiCache.2", "FSBP ElastiCache.7", "CKV_AWS_322", "CKV_AWS_323"],
  levels: { dev: "disabled", staging: "advisory", prod: "advisory" },
  *check(resource) {
    const { inputs } = resource;
    const { autoMinorVersionUpgrade: minor } = inputs;
    if (minor === false || minor === "false") yield { path: "autoMinorVersionUpgrade", is: "is false: fixes of the version are not installed" };
    if (!hasInput(resource, "subnetGroupName") && !hasInput(resource, "globalReplicationGroupId"))
      yield { path: "subnetGroupName", is: "is not set: it stands in the default subnets" };
    const kinds = list(inputs.logDeliveryConfigurations).map((entry) => record(entry).logType);
    const lost = ["slow-log", "engine-log"].filter((kind) => !kinds.includes(kind));
    if (lost.length > 0) yield { path: "logDeliveryConfigurations", is: `has no ${lost.join(" and no ")}` };
  },
};

export const awsCachePolicies: readonly Policy[] = [atRest, inTransit, authenticated, highlyAvailable, backup, hygiene];
