import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AppService } from "../../../../components/app-service/app-service.ts";
import { NatsCluster } from "../../../../components/nats-cluster/nats-cluster.ts";
import { ObservabilityStack } from "../../../../components/observability-stack/observability-stack.ts";
import { PostgresDb } from "../../../../components/postgres-db/postgres-db.ts";
import { RedisCache } from "../../../../components/redis-cache/redis-cache.ts";
import { TemporalServer } from "../../../../components/temporal-server/temporal-server.ts";
import { profiles } from "../../../../src/config/profiles.ts";
import { http } from "../../../../src/core/probe.ts";
import type { AwsSizes } from "../../../../src/core/profile.ts";
import { groundSettings } from "../../../support/grounds.ts";
import { recordInProcess } from "../../../support/in-process.ts";
import { repository } from "../../../support/recorded.ts";

/** What the guard of data decides without being a matter of cost, by the words on the line and each with the reason. */
const guards: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "components/nats-cluster/aws/node.ts": {
    "disableApiTermination:": "nobody ends an instance with data by mistake",
    "finalSnapshot:": "a last snapshot, which is made of what would be lost",
  },
  "components/postgres-db/aws/instance.ts": {
    "applyImmediately:": "changes wait for the window of maintenance",
    "deletionProtection:": "nobody deletes it by mistake",
    "deleteAutomatedBackups:": "backups outlive what they are of",
    "skipFinalSnapshot:": "a last snapshot, which is made of what would be lost",
  },
  "components/postgres-db/aws-args.ts": {
    "aws.deletionProtection === false": "a refusal",
    "aws.backupDays === 0": "a refusal",
  },
  "components/redis-cache/aws/group.ts": {
    "applyImmediately:": "changes wait for the window of maintenance",
    "finalSnapshotIdentifier:": "a last snapshot, which is made of what would be lost",
  },
  "components/redis-cache/aws-args.ts": { "aws.snapshotDays === 0": "a refusal" },
  "src/platforms/aws/backup.ts": {
    "return tags;": "whether there are backups at all, of which the profile says the days",
    "!aws.backupRegion": "a warning",
  },
  "src/platforms/aws/checks.ts": {
    "if (profile.guardData)": "a refusal",
    "alarmTopics.length === 0": "a warning",
    "...(profile.guardData && !images.mirror": "a warning",
  },
  "src/platforms/aws/context.ts": { "isRetired(": "what is protected against a deployment" },
  "src/platforms/aws/images.ts": { "forceDelete:": "no image goes together with its repository" },
};

/** By the guard, by comparing the name of the profile, or by looking it up: `byProfile[profile.name]`. Types are in quotation marks. */
const choosing =
  /(?<!")\bguardData\b|\bprofile\.name\s*[=!]==?|\[\s*(?:[\w.]+\.)?(?:profile\.name|profile|profileName)\s*\]|\bswitch \([\w.]*profile\.name\)/;

test("no code of the target chooses by the guard of data, or by the name of a profile", () => {
  const files = globSync(["src/platforms/aws/**/*.ts", "components/*/aws/**/*.ts", "components/*/aws-args.ts", "src/aws.ts"], { cwd: repository });
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((file) =>
    readFileSync(`${repository}/${file}`, "utf8")
      .split("\n")
      .filter((line) => choosing.test(line))
      .map((line) => `${file}: ${Object.keys(guards[file] ?? {}).find((words) => line.includes(words)) ?? line.trim()}`),
  );
  const allowed = Object.entries(guards).flatMap(([file, lines]) => Object.keys(lines).map((words) => `${file}: ${words}`));
  expect(found.toSorted()).toEqual(allowed.toSorted());
});

test.each([
  "insightsConfiguration: { insightsEnabled: context.profile.guardData, notificationsEnabled: false },",
  "replicas: context.profile.guardData ? 2 : 1,",
  "model.given.aws?.tracedPercent ?? tracedPercent[context.profile.name],",
  "const own = sizes[profile];",
  'nodes: profile.name === "prod" ? 3 : 1,',
  "switch (context.profile.name) {",
])("finds a choice in %s", (line) => {
  expect(line).toMatch(choosing);
});

test.each([
  'type Guards = Pick<Profile, "guardData" | "backupDays" | "aws">;',
  "multiAz: aws.multiAz ?? profile.aws.multiAz,",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of code
  "const guarded = `profile ${profile.name} guards data, and that cannot be switched off`;",
])("finds none in %s", (line) => {
  expect(line).not.toMatch(choosing);
});

interface Asked {
  readonly type: string;
  readonly name: string;
  readonly is: (inputs: Readonly<Record<string, unknown>>) => unknown;
}

const of = (type: string, name: string, is: Asked["is"]): Asked => ({ type: `aws:${type}`, name, is });
const count = (zones: number, all: "one" | "all") => (all === "one" ? 1 : zones);

/** In the configuration that a task has in a variable: JSON within JSON. */
const inText =
  (words: RegExp): Asked["is"] =>
  ({ containerDefinitions }) =>
    words.exec(String(containerDefinitions).replaceAll("\\", ""))?.[1];

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
  fileThroughput: of("efs/fileSystem:FileSystem", "docs-volumes", ({ throughputMode }) => throughputMode),
  rolesApart: {
    ...of("ecs/service:Service", "workflows-history-service", () => true),
    as: ({ rolesApart }) => (rolesApart ? true : undefined),
  },
  collectorCopies: of("ecs/service:Service", "telemetry-collector-service", ({ desiredCount }) => desiredCount),
  scrapeSeconds: {
    ...of("ecs/taskDefinition:TaskDefinition", "telemetry-scraper-task", inText(/"scrape_interval":"(\d+s)"/)),
    as: ({ scrapeSeconds }) => `${scrapeSeconds}s`,
  },
  tracedPercent: {
    ...of("ecs/taskDefinition:TaskDefinition", "telemetry-collector-task", inText(/"sampling_percentage":(\d+)/)),
    as: ({ tracedPercent }) => String(tracedPercent),
  },
  traceInsights: of(
    "xray/group:Group",
    "telemetry-traces",
    ({ insightsConfiguration }) => (insightsConfiguration as { insightsEnabled: boolean }).insightsEnabled,
  ),
};

test.each(["dev", "staging", "prod"] as const)("every choice of profile %s is in its plan", async (profile) => {
  const { resources, problems } = await recordInProcess(
    (platform) => {
      const db = new PostgresDb("db", { platform, databases: { app: {}, temporal: {}, visibility: {} } });
      new NatsCluster("bus", { platform, replicas: 1 });
      const cache = new RedisCache("cache", { platform });
      const image = "registry.example/api:1.0.0";
      new AppService("api", { platform, image, ports: { http: 80 }, health: http("/"), bindings: { CACHE: cache.connection } });
      const volumes = { pages: { path: "/pages" } };
      const docs = new AppService("docs", { platform, image, replicas: 1, ports: { http: 80 }, health: http("/"), volumes });
      const { temporal, visibility } = db.databases;
      const namespaces = { guard: {} };
      new TemporalServer("workflows", { platform, database: temporal, visibility, historyShards: 512, namespaces });
      new ObservabilityStack("telemetry", { platform, observes: [docs] });
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
