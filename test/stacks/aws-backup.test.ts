import { describe, expect, test } from "vitest";
import { NatsCluster } from "../../components/nats-cluster/nats-cluster.ts";
import { PostgresDb } from "../../components/postgres-db/postgres-db.ts";
import { RedisCache } from "../../components/redis-cache/redis-cache.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { PlanResource } from "../../src/preview/plan.ts";
import { groundSettings } from "../support/grounds.ts";
import { type InProcess, recordInProcess } from "../support/in-process.ts";

const everything = (platform: Platform) => {
  new PostgresDb("db", { platform, databases: { app: {} }, aws: { readReplicas: 1 } });
  new NatsCluster("bus", { platform });
  new RedisCache("cache", { platform });
};
const onAws = (profile: string, over: object = {}, topology = everything) =>
  recordInProcess(topology, { target: "aws", profile, aws: { ...groundSettings.aws.aws, ...over } });
const typed = ({ resources }: InProcess, type: string) => resources.filter((resource) => resource.type === `aws:${type}`);
const named = (plan: InProcess, name: string): PlanResource => {
  const found = plan.resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`no ${name} in the plan`);
  return found;
};
const tagOf = ({ inputs }: PlanResource) => (inputs.tags as Record<string, string> | undefined)?.["groundplan:backup"];

const prod = await onAws("prod", { backupRegion: "eu-west-1", alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"] });
const staging = await onAws("staging");
const dev = await onAws("dev", { backupRegion: "eu-west-1" });

test("what holds data of its own is tagged, and nothing that can be made from it", () => {
  for (const plan of [prod, staging]) {
    const tagged = plan.resources.filter((resource) => tagOf(resource) !== undefined);
    expect(tagged.map(({ name }) => name).toSorted()).toEqual(["bus-0-data", "bus-1-data", "bus-2-data", "db"]);
    expect(new Set(tagged.map(tagOf))).toEqual(new Set(["shop-dev"]));
  }
});

test("the selection takes what has the tag of this stack, of the kinds that are meant, and all that is tagged is of such a kind", () => {
  const [selection, ...more] = typed(prod, "backup/selection:Selection");
  expect(more).toEqual([]);
  expect(selection?.inputs).toMatchObject({
    planId: named(prod, "backup-plan").id,
    iamRoleArn: named(prod, "backup").outputs.arn,
    conditions: [{ stringEquals: [{ key: "aws:ResourceTag/groundplan:backup", value: "shop-dev" }] }],
  });
  expect(selection?.inputs.selectionTags).toBeUndefined();
  const kinds = selection?.inputs.resources as string[];
  const arns = prod.resources.filter((resource) => tagOf(resource) !== undefined).map(({ outputs }) => String(outputs.arn));
  for (const arn of arns)
    expect(
      kinds.some((kind) => arn.startsWith(kind.replace(/\*$/, ""))),
      arn,
    ).toBe(true);
  // The permissions are there before the first backup.
  expect(selection?.dependencies.filter((urn) => urn.includes("RolePolicyAttachment"))).toHaveLength(4);
});

test("every day, kept as long as the profile says, and copied for as long where there is a second region", () => {
  const rule = (plan: InProcess) => (named(plan, "backup-plan").inputs.rules as Record<string, unknown>[])[0];
  expect(rule(prod)).toMatchObject({
    schedule: "cron(0 5 ? * * *)",
    lifecycle: { deleteAfter: 35 },
    copyActions: [{ destinationVaultArn: named(prod, "backup-copies").outputs.arn, lifecycle: { deleteAfter: 35 } }],
    targetVaultName: named(prod, "backup-vault").inputs.name,
  });
  // RDS restores to a point in time by itself, and would be told other days by a plan that does so as well.
  expect(rule(prod)).not.toHaveProperty("enableContinuousBackup");
  expect(rule(staging)).toMatchObject({ lifecycle: { deleteAfter: 7 }, copyActions: [] });
});

describe("the vaults", () => {
  const keyOf = (plan: InProcess, vault: string) => {
    const [urn] = named(plan, vault).propertyDependencies.kmsKeyArn ?? [];
    return plan.resources.find((resource) => resource.urn === urn);
  };

  test("each has a key of its own region, which the copies of RDS share", () => {
    expect(named(prod, "backup-vault").inputs).not.toHaveProperty("region");
    expect(keyOf(prod, "backup-vault")).toMatchObject({ name: "backups-key", inputs: { enableKeyRotation: true } });
    expect(named(prod, "backup-copies").inputs.region).toBe("eu-west-1");
    expect(keyOf(prod, "backup-copies")).toMatchObject({ name: "backup-key", inputs: { region: "eu-west-1", enableKeyRotation: true } });
    const [copy] = typed(prod, "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication");
    expect(copy?.propertyDependencies.kmsKeyId).toEqual(named(prod, "backup-copies").propertyDependencies.kmsKeyArn);
  });

  test.each(["backup-vault", "backup-copies"])("nobody deletes a recovery point of %s, and it outlives the stack with its policy", (name) => {
    const vault = named(prod, name);
    expect(vault).toMatchObject({ protect: true, retainOnDelete: true, inputs: { forceDestroy: false } });
    const policy = named(prod, `${name}-policy`);
    expect(policy).toMatchObject({ protect: true, retainOnDelete: true, inputs: { backupVaultName: vault.inputs.name } });
    expect(policy.inputs.region).toBe(vault.inputs.region);
    expect(JSON.parse(String(policy.inputs.policy)).Statement).toEqual([
      {
        Sid: "RecoveryPointsEndByThemselves",
        Effect: "Deny",
        Principal: "*",
        Action: ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
        Resource: ["*"],
      },
    ]);
  });

  test("in prod a lock holds them to their days, which can still be lifted; no plan keeps less than its lock wants", () => {
    const locks = typed(prod, "backup/vaultLockConfiguration:VaultLockConfiguration");
    expect(locks.map(({ inputs }) => [inputs.backupVaultName, inputs.minRetentionDays])).toEqual([
      ["shop-dev-backup-copies", 35],
      ["shop-dev-backup-vault", 35],
    ]);
    for (const { inputs } of locks) expect(inputs).not.toHaveProperty("changeableForDays");
    expect(typed(staging, "backup/vaultLockConfiguration:VaultLockConfiguration")).toEqual([]);
  });
});

test("the role is taken by AWS Backup alone, and has what AWS maintains for it", () => {
  const policies = typed(prod, "iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => String(inputs.policyArn).split(":policy/")[1]);
  expect(policies.toSorted()).toEqual([
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
  ]);
  expect(JSON.parse(String(named(prod, "backup").inputs.assumeRolePolicy)).Statement[0].Principal).toEqual({ Service: "backup.amazonaws.com" });
});

test("alarms tell of what failed, what did not begin, what was not copied, and of silence, by the vault of the plan", () => {
  const alarms = typed(prod, "cloudwatch/metricAlarm:MetricAlarm").filter(({ inputs }) => inputs.namespace === "AWS/Backup");
  expect(alarms.map(({ inputs }) => inputs.metricName).toSorted()).toEqual([
    "NumberOfBackupJobsCompleted",
    "NumberOfBackupJobsExpired",
    "NumberOfBackupJobsFailed",
    "NumberOfCopyJobsFailed",
  ]);
  for (const { inputs, name } of alarms) {
    expect(inputs.dimensions, name).toEqual({ BackupVaultName: named(prod, "backup-vault").inputs.name });
    expect(inputs.alarmActions, name).toEqual(["arn:aws:sns:eu-central-1:123456789012:alarms"]);
  }
  expect(named(prod, "backup-missing-alarm").inputs).toMatchObject({ comparisonOperator: "LessThanThreshold", treatMissingData: "breaching" });
  expect(staging.resources.some(({ name }) => name === "backup-copy-failed-alarm")).toBe(false);
});

test("nothing is backed up where data is not guarded, or where there is none", async () => {
  const backup = ({ resources }: InProcess) => resources.filter(({ type }) => type.startsWith("aws:backup/"));
  expect(backup(dev)).toEqual([]);
  expect(dev.resources.some((resource) => tagOf(resource) !== undefined)).toBe(false);
  expect(backup(await onAws("prod", {}, (platform) => void new RedisCache("cache", { platform })))).toEqual([]);
});

test("a stack without a second region is told that its backups stay in the first", () => {
  const about = ({ warnings }: InProcess) => warnings.filter((text) => text.includes("backupRegion"));
  expect(about(staging)).toHaveLength(2);
  expect(about(prod)).toEqual([]);
});
