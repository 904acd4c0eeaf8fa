import { type PolicyCases, resource } from "../cases.ts";
import { unknown } from "../unknown.ts";

const group = (inputs: Record<string, unknown>) => resource("aws:elasticache/replicationGroup:ReplicationGroup", "sessions", inputs);
const single = (inputs: Record<string, unknown>) => resource("aws:elasticache/cluster:Cluster", "sessions", inputs);
const user = (inputs: Record<string, unknown>) => resource("aws:elasticache/user:User", "app", { userId: "app", userName: "app", ...inputs });
const app = { accessString: "on ~* +@all -@dangerous", noPasswordRequired: false, authenticationMode: { type: "password", passwords: ["[secret]"] } };
const ha = { automaticFailoverEnabled: true, multiAzEnabled: true, numCacheClusters: 2 };
const tidy = {
  autoMinorVersionUpgrade: true,
  subnetGroupName: "data",
  logDeliveryConfigurations: [{ logType: "slow-log" }, { logType: "engine-log" }],
};

export const awsCacheCases: Readonly<Record<string, PolicyCases>> = {
  "cache-encrypted-at-rest": {
    compliant: [
      { title: "an encrypted cache", resources: [group({ engine: "redis", atRestEncryptionEnabled: true })] },
      { title: "valkey, which is so by itself", resources: [group({ engine: "valkey" })] },
      { title: "a part of a global group", resources: [group({ globalReplicationGroupId: "global" })] },
      {
        title: "memcached, which keeps nothing, and a member",
        resources: [single({ engine: "memcached" }), single({ replicationGroupId: "sessions" })],
      },
    ],
    violating: [
      {
        title: "not encrypted",
        resources: [group({ engine: "valkey", atRestEncryptionEnabled: false })],
        finds: ["sessions: atRestEncryptionEnabled"],
      },
      { title: "redis as it comes", resources: [group({})], finds: ["sessions: atRestEncryptionEnabled"] },
      { title: "a single cluster", resources: [single({ engine: "redis" })], finds: ["sessions: engine"] },
    ],
    reads: { "sessions: atRestEncryptionEnabled": ["sessions: atRestEncryptionEnabled"] },
  },
  "cache-encrypted-in-transit": {
    compliant: [
      { title: "TLS alone", resources: [group({ transitEncryptionEnabled: true, transitEncryptionMode: "required" })] },
      {
        title: "on the way there, in staging",
        stage: "staging",
        resources: [group({ transitEncryptionEnabled: true, transitEncryptionMode: "preferred" })],
      },
      { title: "a member of a group", resources: [single({ engine: "redis", replicationGroupId: "sessions" })] },
    ],
    violating: [
      { title: "no TLS", resources: [group({ transitEncryptionEnabled: false })], finds: ["sessions: transitEncryptionEnabled"] },
      { title: "a single cluster as it comes", resources: [single({ engine: "memcached" })], finds: ["sessions: transitEncryptionEnabled"] },
      {
        title: "TLS for those who like it",
        resources: [group({ transitEncryptionEnabled: true, transitEncryptionMode: "preferred" })],
        finds: ["sessions: transitEncryptionMode"],
      },
    ],
    reads: { "sessions: transitEncryptionEnabled": ["sessions: transitEncryptionEnabled"], "sessions: transitEncryptionMode": [] },
  },
  "cache-authenticated": {
    compliant: [
      { title: "a user with a password", resources: [user(app), group({ userGroupIds: ["users"] })] },
      { title: "a token that is made in the same deployment", resources: unknown([group({ authToken: "made" })], "sessions: authToken") },
      { title: "a user that is off", resources: [user({ accessString: "off ~* +@all", noPasswordRequired: true })] },
      { title: "all commands on some keys", resources: [user({ ...app, accessString: "on ~app:* +@all" })] },
    ],
    violating: [
      { title: "no users and no token", resources: [group({ userGroupIds: [] })], finds: ["sessions: userGroupIds"] },
      { title: "a user that may do everything", resources: [user({ ...app, accessString: "on ~* &* -@all +@all" })], finds: ["app: accessString"] },
      { title: "the same in other words", resources: [user({ ...app, accessString: "on allkeys allcommands" })], finds: ["app: accessString"] },
      { title: "a user without a password", resources: [user({ ...app, noPasswordRequired: true })], finds: ["app: noPasswordRequired"] },
      {
        title: "the same by its mode",
        resources: [user({ ...app, authenticationMode: { type: "no-password-required" } })],
        finds: ["app: authenticationMode.type"],
      },
    ],
    reads: { "app: accessString": [], "app: noPasswordRequired": [], "app: authenticationMode": [], "app: authenticationMode.type": [] },
  },
  "cache-ha": {
    compliant: [
      { title: "two nodes that fail over", resources: [group(ha)] },
      { title: "shards with a replica each", resources: [group({ ...ha, numCacheClusters: undefined, numNodeGroups: 3, replicasPerNodeGroup: 1 })] },
      { title: "shards one by one", resources: [group({ ...ha, nodeGroupConfigurations: [{ replicaCount: 1 }] })] },
      { title: "a member of a group", resources: [single({ engine: "redis", replicationGroupId: "sessions" })] },
    ],
    violating: [
      { title: "one node", resources: [group({ ...ha, numCacheClusters: 1 })], finds: ["sessions: numCacheClusters"] },
      {
        title: "a group as it comes",
        resources: [group({})],
        finds: ["sessions: automaticFailoverEnabled", "sessions: multiAzEnabled", "sessions: numCacheClusters"],
      },
      {
        title: "shards without replicas",
        resources: [group({ ...ha, numCacheClusters: undefined, numNodeGroups: 3 })],
        finds: ["sessions: replicasPerNodeGroup"],
      },
      {
        title: "one shard without",
        resources: [group({ ...ha, nodeGroupConfigurations: [{ replicaCount: 1 }, { replicaCount: 0 }] })],
        finds: ["sessions: nodeGroupConfigurations[1].replicaCount"],
      },
      { title: "a single cluster", resources: [single({ engine: "valkey" })], finds: ["sessions: engine"] },
    ],
    reads: {
      "sessions: automaticFailoverEnabled": ["sessions: automaticFailoverEnabled"],
      "sessions: multiAzEnabled": ["sessions: multiAzEnabled"],
      "sessions: numCacheClusters": ["sessions: numCacheClusters"],
    },
  },
  "cache-backup": {
    compliant: [
      { title: "snapshots of a week, and a last one", resources: [group({ snapshotRetentionLimit: 7, finalSnapshotIdentifier: "sessions-final" })] },
      { title: "of a day in staging", stage: "staging", resources: [group({ snapshotRetentionLimit: 1 })] },
      {
        title: "a serverless cache",
        resources: [resource("aws:elasticache/serverlessCache:ServerlessCache", "sessions", { snapshotRetentionLimit: 7 })],
      },
    ],
    violating: [
      {
        title: "no snapshots",
        resources: [group({ snapshotRetentionLimit: 0, finalSnapshotIdentifier: "sessions-final" })],
        finds: ["sessions: snapshotRetentionLimit"],
      },
      {
        title: "a day less",
        resources: [group({ snapshotRetentionLimit: 6, finalSnapshotIdentifier: "sessions-final" })],
        finds: ["sessions: snapshotRetentionLimit"],
      },
      { title: "no last one", resources: [group({ snapshotRetentionLimit: 7 })], finds: ["sessions: finalSnapshotIdentifier"] },
    ],
    reads: { "sessions: snapshotRetentionLimit": ["sessions: snapshotRetentionLimit"] },
  },
  "cache-hygiene": {
    compliant: [
      { title: "a cache that is kept up to date and logs", resources: [group(tidy)] },
      { title: "a part of a global group", resources: [group({ ...tidy, subnetGroupName: undefined, globalReplicationGroupId: "global" })] },
    ],
    violating: [
      { title: "no minor upgrades", resources: [group({ ...tidy, autoMinorVersionUpgrade: false })], finds: ["sessions: autoMinorVersionUpgrade"] },
      { title: "default subnets", resources: [group({ ...tidy, subnetGroupName: undefined })], finds: ["sessions: subnetGroupName"] },
      {
        title: "one log of two",
        resources: [group({ ...tidy, logDeliveryConfigurations: [{ logType: "slow-log" }] })],
        finds: ["sessions: logDeliveryConfigurations"],
      },
    ],
    reads: {
      "sessions: autoMinorVersionUpgrade": [],
      "sessions: logDeliveryConfigurations": ["sessions: logDeliveryConfigurations"],
      "sessions: logDeliveryConfigurations[0].logType": ["sessions: logDeliveryConfigurations"],
    },
  },
};
