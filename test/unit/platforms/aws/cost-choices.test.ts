import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AppService } from "../../../../components/app-service/app-service.ts";
import { NatsCluster } from "../../../../components/nats-cluster/nats-cluster.ts";
import { PostgresDb } from "../../../../components/postgres-db/postgres-db.ts";
import { RedisCache } from "../../../../components/redis-cache/redis-cache.ts";
import { profiles } from "../../../../src/config/profiles.ts";
import { http } from "../../../../src/core/probe.ts";
import type { AwsSizes } from "../../../../src/core/profile.ts";
import { groundSettings } from "../../../support/grounds.ts";
import { recordInProcess } from "../../../support/in-process.ts";
import { repository } from "../../../support/recorded.ts";

/** What differs where data is guarded without being a matter of cost, each with the reason. */
const guards: Readonly<Record<string, string>> = {
  "components/redis-cache/aws/group.ts": "a last snapshot, which is made of what would be lost",
};

test("no code of the target chooses by the guard of data, or by the name of a profile", () => {
  const files = globSync(["src/platforms/aws/**/*.ts", "components/*/aws/**/*.ts", "components/*/aws-args.ts"], { cwd: repository });
  expect(files.length).toBeGreaterThan(50);
  const choosing = files.filter((file) => /guardData\s*\?|profile\.name\s*[=!]==?/.test(readFileSync(`${repository}/${file}`, "utf8")));
  expect(choosing.toSorted()).toEqual(Object.keys(guards).toSorted());
});

interface Asked {
  readonly type: string;
  readonly name: string;
  readonly is: (inputs: Readonly<Record<string, unknown>>) => unknown;
}

const of = (type: string, name: string, is: Asked["is"]): Asked => ({ type: `aws:${type}`, name, is });
const count = (zones: number, all: "one" | "all") => (all === "one" ? 1 : zones);

/** Where each choice is found in a plan. A new one needs a line here. */
const choices: { readonly [K in keyof Omit<AwsSizes, "nat" | "zones">]: Asked & { readonly as?: (sizes: AwsSizes) => unknown } } = {
  databaseClass: of("rds/instance:Instance", "db", ({ instanceClass }) => instanceClass),
  multiAz: of("rds/instance:Instance", "db", ({ multiAz }) => multiAz),
  cacheType: of("elasticache/replicationGroup:ReplicationGroup", "cache", ({ nodeType }) => nodeType),
  cacheNodes: of("elasticache/replicationGroup:ReplicationGroup", "cache", ({ numCacheClusters }) => numCacheClusters),
  brokerType: of("ec2/launchTemplate:LaunchTemplate", "bus-0-template", ({ instanceType }) => instanceType),
  endpointZones: {
    ...of("ec2/vpcEndpoint:VpcEndpoint", "endpoint-logs", ({ subnetIds }) => (subnetIds as unknown[]).length),
    as: ({ zones, endpointZones }) => count(zones, endpointZones),
  },
  containerInsights: of("ecs/cluster:Cluster", "cluster", ({ settings }) => (settings as { value: string }[])[0]?.value),
  databaseMonitoringSeconds: of("rds/instance:Instance", "db", ({ monitoringInterval }) => monitoringInterval),
  secretRecoveryDays: of("secretsmanager/secret:Secret", "bus-nodes-secret", ({ recoveryWindowInDays }) => recoveryWindowInDays),
  keyDeletionDays: of("kms/key:Key", "data-key", ({ deletionWindowInDays }) => deletionWindowInDays),
  backupLock: {
    ...of("backup/vaultLockConfiguration:VaultLockConfiguration", "backup-vault-lock", () => true),
    as: ({ backupLock }) => (backupLock ? true : undefined),
  },
};

test.each(["dev", "staging", "prod"] as const)("every choice of profile %s is in its plan", async (profile) => {
  const { resources, problems } = await recordInProcess(
    (platform) => {
      new PostgresDb("db", { platform, databases: { app: {} } });
      new NatsCluster("bus", { platform, replicas: 1 });
      const cache = new RedisCache("cache", { platform });
      const image = "registry.example/api:1.0.0";
      new AppService("api", { platform, image, ports: { http: 80 }, health: http("/"), bindings: { CACHE: cache.connection } });
    },
    { target: "aws", profile, ...groundSettings.aws },
  );
  expect(problems).toEqual([]);
  const sizes = profiles[profile].aws;
  for (const [choice, { type, name, is, as }] of Object.entries(choices)) {
    const found = resources.find((resource) => resource.type === type && resource.name === name);
    const expected = as ? as(sizes) : sizes[choice as keyof AwsSizes];
    expect(found && is(found.inputs), choice).toEqual(expected);
  }
  expect(resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway").length > 0).toBe(sizes.nat !== "none");
  const zones = resources.filter(({ type, name }) => type === "aws:ec2/subnet:Subnet" && name.startsWith("private")).length;
  expect(zones).toBe(sizes.zones);
});
