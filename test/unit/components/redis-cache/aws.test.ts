import { describe, expect, test } from "vitest";
import {
  parameterGroup,
  redisProblems,
  replicationGroupInputs,
  type Surroundings,
  userInputs,
} from "../../../../components/redis-cache/aws/group.ts";
import type { RedisModel } from "../../../../components/redis-cache/model.ts";
import { profiles } from "../../../../src/config/profiles.ts";
import { settingsOf, specs } from "../../../support/settings.ts";

const { dev, prod } = profiles;

const model = (over: Partial<RedisModel> = {}): RedisModel => ({
  engine: "valkey",
  maxMemoryPolicy: "noeviction",
  memoryMiB: undefined,
  replicas: undefined,
  aws: {},
  ...over,
});

const around: Surroundings = {
  id: "shop-cache",
  description: "shop: cache",
  finalSnapshot: "shop-cache-final-0a1b2c3d",
  subnetGroup: "subnets",
  parameterGroup: "parameters",
  securityGroup: "sg-1",
  userGroup: "users",
  dataKey: "data-key",
  logGroups: { "slow-log": "/slow", "engine-log": "/engine" },
  tags: { a: "b" },
};

describe("the replication group", () => {
  const common = {
    replicationGroupId: "shop-cache",
    description: "shop: cache",
    engine: "valkey",
    engineVersion: "8.1",
    port: 6379,
    clusterMode: "disabled",
    atRestEncryptionEnabled: true,
    kmsKeyId: "data-key",
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    userGroupIds: ["users"],
    subnetGroupName: "subnets",
    securityGroupIds: ["sg-1"],
    parameterGroupName: "parameters",
    autoMinorVersionUpgrade: true,
    snapshotWindow: "02:00-03:00",
    maintenanceWindow: "sun:03:30-sun:04:30",
    logDeliveryConfigurations: [
      { logType: "slow-log", logFormat: "json", destinationType: "cloudwatch-logs", destination: "/slow" },
      { logType: "engine-log", logFormat: "json", destinationType: "cloudwatch-logs", destination: "/engine" },
    ],
    tags: { a: "b" },
  };

  test("of prod fails over and leaves a snapshot", () => {
    expect(replicationGroupInputs(model(), prod, around)).toEqual({
      ...common,
      nodeType: "cache.r7g.large",
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      applyImmediately: false,
      snapshotRetentionLimit: 35,
      finalSnapshotIdentifier: "shop-cache-final-0a1b2c3d",
    });
  });

  test("of dev is one node that goes without a trace", () => {
    expect(replicationGroupInputs(model(), dev, around)).toEqual({
      ...common,
      nodeType: "cache.t4g.micro",
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
      applyImmediately: true,
      snapshotRetentionLimit: 1,
    });
  });

  test("takes what is set", () => {
    const aws = { nodeType: "cache.m7g.large", nodes: 3, snapshotDays: 7 };
    expect(replicationGroupInputs(model({ engine: "redis", aws }), prod, around)).toMatchObject({
      engine: "redis",
      engineVersion: "7.1",
      nodeType: "cache.m7g.large",
      numCacheClusters: 3,
      snapshotRetentionLimit: 7,
    });
  });
});

test("replicas are the nodes of the group, and two numbers of nodes are a problem", () => {
  expect(replicationGroupInputs(model({ replicas: 3 }), prod, around)).toMatchObject({ numCacheClusters: 3, automaticFailoverEnabled: true });
  expect(replicationGroupInputs(model({ replicas: 1 }), prod, around)).toMatchObject({ numCacheClusters: 1, automaticFailoverEnabled: false });
  const problems = specs.RedisCache("cache", { replicas: 3, aws: { nodes: 2 } }, settingsOf({ profile: "prod" })).problems;
  expect(problems.map(({ path, rule }) => [path, rule])).toEqual([["aws.nodes", "as many as replicas says: 3"]]);
});

test.each([
  ["valkey", "valkey8"],
  ["redis", "redis7"],
] as const)("what happens at full memory is honoured: %s", (engine, family) => {
  expect(parameterGroup("cache", model({ engine, maxMemoryPolicy: "allkeys-lru" }))).toEqual({
    family,
    description: "Settings of cache",
    parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }],
  });
});

describe("users", () => {
  test("the application may do all but what endangers the server", () => {
    expect(userInputs("app", model(), "shop-cache-user-app", "secret", {})).toEqual({
      engine: "valkey",
      userId: "shop-cache-user-app",
      userName: "app",
      accessString: "on ~* &* +@all -@dangerous +info",
      authenticationMode: { type: "password", passwords: ["secret"] },
      tags: {},
    });
  });

  test("whoever watches may ask how it is, and reads no key", () => {
    const { accessString } = userInputs("monitor", model(), "shop-cache-user-monitor", "third", {});
    expect(accessString).toMatch(/^on -@all \+ping \+info /);
    expect(accessString).not.toMatch(/~|[+]@|[+](get|keys|scan|config)\b/);
  });

  test("who names no user gets nowhere", () => {
    expect(userInputs("default", model(), "shop-cache-user-default", "other", {})).toMatchObject({
      userName: "default",
      accessString: "off ~* -@all",
    });
  });
});

describe("problems", () => {
  test.each([
    [{ nodeType: "r7g.large" }, "aws.nodeType", /cache\. in front/],
    [{ nodes: 0 }, "aws.nodes", /1 to 6/],
    [{ nodes: 7 }, "aws.nodes", /1 to 6/],
    [{ snapshotDays: 36 }, "aws.snapshotDays", /0 to 35/],
    [{ snapshotDays: 0 }, "aws.snapshotDays", /guards data/],
    [{ snapshotWindow: "03:00-04:00" }, "aws.snapshotWindow", /apart from that of maintenance/],
    [{ snapshotWindow: "02:00-02:30" }, "aws.snapshotWindow", /at least 60 minutes/],
    [{ maintenanceWindow: "sun:05:00-sun:05:30" }, "aws.maintenanceWindow", /at least 60 minutes/],
    [{ node: 2 }, "aws.node", /known argument/],
  ])("prod refuses %j", (aws, path, rule) => {
    const [problem, ...rest] = specs.RedisCache("cache", { aws }, settingsOf({ profile: "prod" })).problems;
    expect(rest).toEqual([]);
    expect(problem?.path).toBe(path);
    expect(problem?.rule).toMatch(rule);
  });

  test("more memory than a node has", () => {
    expect(redisProblems("cache", model({ memoryMiB: 16_384 }), prod)).toEqual([
      {
        component: "cache",
        path: "memoryMiB",
        value: 16_384,
        rule: "at most what cache.r7g.large has: 13383 MiB",
        fix: "set aws.nodeType to a larger type, or leave memoryMiB out",
      },
    ]);
    expect(redisProblems("cache", model({ memoryMiB: 4096, aws: { nodeType: "cache.z1.new" } }), prod)).toEqual([]);
  });
});
