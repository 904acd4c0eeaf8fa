import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { authoritiesOf } from "../../../../components/postgres-db/aws/authorities.ts";
import { manyConnections, surelyTaken } from "../../../../components/postgres-db/aws/connections.ts";
import { keepsPassword, primaryInputs, replicaInputs, type Surroundings } from "../../../../components/postgres-db/aws/instance.ts";
import { parameterGroup, parameterProblems, parameterValue } from "../../../../components/postgres-db/aws/parameters.ts";
import { postgresProblems, postgresWarnings } from "../../../../components/postgres-db/aws/problems.ts";
import type { PostgresModel } from "../../../../components/postgres-db/model.ts";
import { profiles } from "../../../../src/config/profiles.ts";
import { settingsOf, specs } from "../../../support/settings.ts";

const { dev, prod } = profiles;

const model = (over: Partial<PostgresModel> = {}): PostgresModel => ({
  version: "16",
  databases: { app: {} },
  maxConnections: undefined,
  settings: {},
  memoryMiB: undefined,
  storageGiB: prod.storageGiB,
  aws: {},
  ...over,
});

const around: Surroundings = {
  identifier: "shop-prod-db",
  finalSnapshot: "shop-prod-db-final-0a1b2c3d",
  subnetGroup: "subnets",
  parameterGroup: "parameters",
  securityGroup: "sg-1",
  dataKey: "data-key",
  secretsKey: "secrets-key",
  monitoringRole: "role",
  retired: false,
  tags: { a: "b" },
};

describe("the instance", () => {
  const common = {
    identifier: "shop-prod-db",
    engine: "postgres",
    engineVersion: "16",
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    port: 5432,
    username: "postgres",
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: "secrets-key",
    publiclyAccessible: false,
    dbSubnetGroupName: "subnets",
    vpcSecurityGroupIds: ["sg-1"],
    parameterGroupName: "parameters",
    storageType: "gp3",
    storageEncrypted: true,
    kmsKeyId: "data-key",
    caCertIdentifier: "rds-ca-rsa2048-g1",
    iamDatabaseAuthenticationEnabled: false,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    backupWindow: "02:00-02:30",
    maintenanceWindow: "sun:03:00-sun:04:00",
    copyTagsToSnapshot: true,
    finalSnapshotIdentifier: "shop-prod-db-final-0a1b2c3d",
    monitoringInterval: 60,
    monitoringRoleArn: "role",
    databaseInsightsMode: "standard",
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: "data-key",
    performanceInsightsRetentionPeriod: 7,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    tags: { a: "b" },
  };

  test("of prod cannot be lost by a deployment, and survives a zone", () => {
    expect(primaryInputs(model(), prod, around)).toEqual({
      ...common,
      instanceClass: "db.r7g.large",
      multiAz: true,
      allocatedStorage: 100,
      maxAllocatedStorage: 400,
      backupRetentionPeriod: 35,
      deleteAutomatedBackups: false,
      deletionProtection: true,
      skipFinalSnapshot: false,
      applyImmediately: false,
    });
  });

  test("of dev is small and goes without a trace", () => {
    expect(primaryInputs(model({ storageGiB: dev.storageGiB }), dev, around)).toEqual({
      ...common,
      instanceClass: "db.t4g.micro",
      multiAz: false,
      // What RDS begins with.
      allocatedStorage: 20,
      maxAllocatedStorage: 80,
      backupRetentionPeriod: 1,
      deleteAutomatedBackups: true,
      deletionProtection: false,
      skipFinalSnapshot: true,
      applyImmediately: true,
    });
  });

  test("takes what is set", () => {
    const aws = {
      instanceClass: "db.m7g.xlarge",
      multiAz: false,
      maxStorageGiB: 500,
      backupDays: 14,
      backupWindow: "04:00-04:30",
      maintenanceWindow: "mon:05:00-mon:06:00",
      iamAuthentication: true,
      insights: "advanced",
    } as const;
    expect(primaryInputs(model({ version: "17", aws }), prod, around)).toMatchObject({
      engineVersion: "17",
      instanceClass: "db.m7g.xlarge",
      multiAz: false,
      maxAllocatedStorage: 500,
      backupRetentionPeriod: 14,
      backupWindow: "04:00-04:30",
      maintenanceWindow: "mon:05:00-mon:06:00",
      iamDatabaseAuthenticationEnabled: true,
      databaseInsightsMode: "advanced",
      performanceInsightsRetentionPeriod: 465,
    });
  });

  test("with read replicas has a password of ours: RDS copies no instance whose password it keeps itself", () => {
    const administratorPassword = pulumi.secret("generated");
    const { manageMasterUserPassword: _, masterUserSecretKmsKeyId: __, ...rest } = common;
    expect(keepsPassword(model({ aws: { readReplicas: 0 } }))).toBe(false);
    expect(keepsPassword(model({ aws: { readReplicas: 1 } }))).toBe(true);
    expect(primaryInputs(model({ aws: { readReplicas: 1 } }), prod, { ...around, administratorPassword })).toEqual({
      ...rest,
      instanceClass: "db.r7g.large",
      multiAz: true,
      allocatedStorage: 100,
      maxAllocatedStorage: 400,
      backupRetentionPeriod: 35,
      deleteAutomatedBackups: false,
      deletionProtection: true,
      skipFinalSnapshot: false,
      applyImmediately: false,
      passwordWo: administratorPassword,
      passwordWoVersion: expect.anything(),
    });
  });

  test("a read replica has no engine, user or backups of its own, and is guarded like the primary on the network", () => {
    const replica = replicaInputs(model(), prod, { ...around, identifier: "shop-prod-db-replica-0" }, "shop-prod-db");
    expect(replica).toMatchObject({
      identifier: "shop-prod-db-replica-0",
      replicateSourceDb: "shop-prod-db",
      storageEncrypted: true,
      publiclyAccessible: false,
      vpcSecurityGroupIds: ["sg-1"],
      parameterGroupName: "parameters",
      backupRetentionPeriod: 0,
    });
    // RDS refuses a key where the source is in the same region.
    for (const key of ["kmsKeyId", "engine", "username", "manageMasterUserPassword", "passwordWo", "allocatedStorage", "dbSubnetGroupName"])
      expect(replica).not.toHaveProperty(key);
  });
});

describe("parameters", () => {
  const valuesOf = (over: Partial<PostgresModel>) =>
    Object.fromEntries(
      ((parameterGroup("db", model(over)).parameters ?? []) as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
    );

  test("every server insists on TLS, logs who connects and what is slow, and counts statements", () => {
    expect(parameterGroup("db", model())).toEqual({
      family: "postgres16",
      description: "Settings of db",
      parameters: [
        { name: "idle_in_transaction_session_timeout", value: "600000", applyMethod: "immediate" },
        { name: "log_connections", value: "1", applyMethod: "immediate" },
        { name: "log_disconnections", value: "1", applyMethod: "immediate" },
        { name: "log_lock_waits", value: "1", applyMethod: "immediate" },
        { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
        { name: "password_encryption", value: "scram-sha-256", applyMethod: "pending-reboot" },
        { name: "pg_stat_statements.track_utility", value: "0", applyMethod: "immediate" },
        { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
        { name: "shared_preload_libraries", value: "pg_stat_statements", applyMethod: "pending-reboot" },
      ],
    });
  });

  test("the user's settings join them", () => {
    const values = valuesOf({ maxConnections: 300, settings: { work_mem: "64MB", shared_preload_libraries: "pg_cron, pg_stat_statements" } });
    expect(values).toMatchObject({ max_connections: "300", work_mem: "65536", shared_preload_libraries: "pg_stat_statements,pg_cron" });
  });

  test("a user's value stands in for ours, as soon as ours would", () => {
    const { parameters } = parameterGroup("db", model({ settings: { log_min_duration_statement: "250ms", work_mem: 4096 } }));
    expect(parameters).toContainEqual({ name: "log_min_duration_statement", value: "250", applyMethod: "immediate" });
    expect(parameters).toContainEqual({ name: "work_mem", value: "4096", applyMethod: "pending-reboot" });
    expect(parameterProblems("db", model({ settings: { log_min_duration_statement: 1 }, aws: { logSlowerThanMs: 2 } }))).toMatchObject([
      { path: "settings.log_min_duration_statement", fix: "remove one of the two" },
    ]);
  });

  test("a user's value stands in for ours", () => {
    expect(valuesOf({ settings: { idle_in_transaction_session_timeout: "1min" } })).toMatchObject({ idle_in_transaction_session_timeout: "60000" });
  });

  test.each([
    ["work_mem", "64MB", "65536"],
    ["shared_buffers", "1GB", "131072"],
    ["max_wal_size", "2GB", "2048"],
    ["statement_timeout", "30s", "30000"],
    ["checkpoint_timeout", "15min", "900"],
    ["work_mem", 4096, "4096"],
    ["random_page_cost", "1.1", "1.1"],
    ["jit", false, "0"],
    ["jit", "on", "1"],
    ["synchronous_commit", "off", "off"],
    ["synchronous_commit", false, "off"],
    ["synchronous_commit", "remote_write", "remote_write"],
    ["search_path", "app, public", "app, public"],
    ["statement_timeout", "0", "0"],
    ["work_mem", "100B", undefined],
    ["work_mem", "3min", undefined],
    ["made_up_setting", "64MB", undefined],
  ])("%s = %s is %s", (name, value, said) => expect(parameterValue(name, value)).toBe(said));

  test.each([
    [{ fsync: "off" }, "settings.fsync", /RDS leaves to its users/],
    [{ "rds.force_ssl": 0 }, "settings.rds.force_ssl", /RDS leaves to its users/],
    [{ wal_level: "logical" }, "settings.wal_level", /RDS leaves to its users/],
    [{ "pg_stat_statements.track_utility": true }, "settings.pg_stat_statements.track_utility", /RDS leaves to its users/],
    [{ made_up_setting: "64MB" }, "settings.made_up_setting", /number without a unit/],
    [{ work_mem: "3min" }, "settings.work_mem", /whole number of kB/],
  ])("%j is a problem", (settings, path, rule) => {
    const [problem, ...rest] = parameterProblems("db", model({ settings }));
    expect(rest).toEqual([]);
    expect(problem).toMatchObject({ component: "db", path });
    expect(problem?.rule).toMatch(rule);
  });
});

describe("problems", () => {
  const problems = (aws: object, profile: string, more: object = {}) => specs.PostgresDb("db", { aws, ...more }, settingsOf({ profile })).problems;

  test.each([
    [{ instanceClass: "r7g.large" }, "aws.instanceClass", /db\. in front/],
    [{ instanceClass: "db.r7g" }, "aws.instanceClass", /db\. in front/],
    [{ backupDays: 36 }, "aws.backupDays", /0 to 35/],
    [{ backupDays: -1 }, "aws.backupDays", /0 to 35/],
    [{ deletionProtection: false }, "aws.deletionProtection", /guards data/],
    [{ backupDays: 0 }, "aws.backupDays", /guards data/],
    [{ readReplicas: 6 }, "aws.readReplicas", /0 to 5/],
    [{ insights: "none" }, "aws.insights", /standard, advanced/],
    [{ backupWindow: "03:30-04:00" }, "aws.backupWindow", /apart from that of maintenance/],
    [{ backupWindow: "02:00-02:20" }, "aws.backupWindow", /at least 30 minutes/],
    [{ maintenanceWindow: "sunday" }, "aws.maintenanceWindow", /ddd:hh:mm/],
    [{ multiaz: true }, "aws.multiaz", /known argument/],
  ])("prod refuses %j", (aws, path, rule) => {
    const [problem, ...rest] = problems(aws, "prod");
    expect(rest).toEqual([]);
    expect(problem?.path).toBe(path);
    expect(problem?.rule).toMatch(rule);
  });

  test("dev may go unguarded", () => {
    expect(problems({ deletionProtection: false, backupDays: 0 }, "dev")).toEqual([]);
  });

  test("replicas need backups", () => {
    expect(problems({ backupDays: 0, readReplicas: 1 }, "dev").map(({ path }) => path)).toEqual(["aws.readReplicas"]);
  });

  test("what a class cannot hold, a disk that cannot grow and a proxy for nobody are told together", () => {
    const wrong = model({ memoryMiB: 32_768, databases: {}, aws: { maxStorageGiB: 100, proxy: true } });
    expect(postgresProblems("db", wrong, prod).map(({ path, rule }) => [path, rule])).toEqual([
      ["aws.proxy", "at least one database, whose owner the proxy lets in"],
      ["memoryMiB", "at most what db.r7g.large has: 16384 MiB"],
      ["aws.maxStorageGiB", "at least a tenth more than the disk begins with: 110 GiB"],
    ]);
    expect(postgresProblems("db", model({ memoryMiB: 16_384 }), prod)).toEqual([]);
  });
});

describe("a disk grows as far as RDS lets it", () => {
  const sizes = (storageGiB: number, aws = {}) => primaryInputs(model({ storageGiB, aws }), prod, around);
  test.each([
    [100, 400],
    [20_000, 65_536],
    // A tenth more is more than there is: it does not grow.
    [60_000, 0],
  ])("%i GiB up to %i", (begin, most) => {
    expect(sizes(begin)).toMatchObject({ allocatedStorage: begin, maxAllocatedStorage: most });
    expect(replicaInputs(model({ storageGiB: begin }), prod, around, "shop-prod-db").maxAllocatedStorage).toBe(most);
  });
});

describe("the alarm of connections can ring", () => {
  // The formula over all of the memory gives 112 and 450; RDS keeps up to a quarter and a tenth of it for itself.
  test.each([
    ["db.t4g.micro", 84],
    ["db.t4g.medium", 405],
    ["db.r7g.16xlarge", 5000],
  ])("%s", (type, most) => {
    const many = manyConnections(model(), type) ?? 0;
    expect(many).toBeLessThan(most);
    expect(many).toBeGreaterThan(most * 0.6);
  });

  test("near what is declared, and not where nothing is known", () => {
    expect(manyConnections(model({ maxConnections: 200 }), "db.t4g.micro")).toBe(170);
    expect(manyConnections(model(), "db.z9.large")).toBeUndefined();
  });

  test("clients are told what they may count on, which is more than what rings", () => {
    expect(surelyTaken(model({ maxConnections: 200 }), "db.t4g.micro")).toBe(200);
    expect(surelyTaken(model(), "db.z9.large")).toBeUndefined();
    for (const type of ["db.t4g.micro", "db.r7g.large", "db.r7g.16xlarge"])
      expect(surelyTaken(model(), type)).toBeGreaterThan(manyConnections(model(), type) ?? Number.POSITIVE_INFINITY);
  });
});

describe("authorities that sign certificates of instances", () => {
  const certificates = (region: string) =>
    (authoritiesOf(region) ?? "").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.map((pem) => new X509Certificate(pem)) ?? [];

  test.each(["eu-central-1", "us-east-1"])("are those of the region, of each kind that may be chosen, and hold for long: %s", (region) => {
    const found = certificates(region);
    expect(found.map(({ subject }) => /CN=.*/.exec(subject)?.[0]).toSorted()).toEqual(
      ["ECC384", "RSA2048", "RSA4096"].map((kind) => `CN=Amazon RDS ${region} Root CA ${kind} G1`),
    );
    for (const { ca, validTo, issuer, subject } of found) {
      expect(ca).toBe(true);
      expect(issuer).toBe(subject);
      expect(Date.parse(validTo)).toBeGreaterThan(Date.parse("2060-01-01"));
    }
  });

  test("are undefined for a region that the bundle does not know, and never those of one that begins alike", () => {
    expect(authoritiesOf("xx-north-9")).toBeUndefined();
    expect(authoritiesOf("eu-central")).toBeUndefined();
  });
});

describe("connections to read replicas", () => {
  test("stand beside those to the server, for owners and further roles", () => {
    const spec = specs.PostgresDb("db", { databases: { app: { grants: { reporting: "read" } } }, aws: { readReplicas: 2 } });
    expect(Object.keys(spec.connections)).toEqual(["app", "app#0", "app#1", "app/reporting", "app/reporting#0", "app/reporting#1", "monitor"]);
    expect(spec.connections["app/reporting#1"]).toEqual(spec.connections["app/reporting"]);
  });

  test.each([undefined, 0, "two", -1, 1.5])("none for %s", (readReplicas) => {
    const spec = specs.PostgresDb("db", { databases: { app: {} }, aws: { readReplicas } });
    expect(Object.keys(spec.connections)).toEqual(["app", "monitor"]);
  });
});

describe("what clients make of the certificate", () => {
  const facts = { profile: dev, aws: { region: "eu-central-1", accountId: "123456789012", zones: [] } };
  const warned = (aws: PostgresModel["aws"]) => postgresWarnings(model({ aws }), facts).map((text) => text.split(":")[0]);

  test("is told where one of them refuses it: a certificate of RDS, and not that of the proxy", () => {
    expect(warned({})).toEqual(["node-postgres 8 refuses the certificate of the server"]);
    expect(warned({ proxy: true })).toEqual([]);
    expect(warned({ proxy: true, readReplicas: 1 })).toEqual(["node-postgres 8 refuses the certificate of read replicas"]);
    expect(postgresWarnings(model({ databases: {} }), facts)).toEqual([]);
  });

  test("is so with node-postgres: it checks unless the URI says otherwise", () => {
    const ssl = (parameters: string) => (new pg.Client(`postgres://app:x@db:5432/app?${parameters}`) as unknown as { ssl: unknown }).ssl;
    expect(ssl("sslmode=require")).toEqual({});
    expect(ssl("sslmode=require&uselibpqcompat=true")).toEqual({ rejectUnauthorized: false });
  });
});

test("backups that stay in one region are told where data is guarded", () => {
  const aws = { region: "eu-central-1", accountId: "123456789012", zones: [] };
  const about = (facts: Parameters<typeof postgresWarnings>[1]) => postgresWarnings(model(), facts).filter((text) => text.includes("backupRegion"));
  for (const profile of [profiles.staging, prod]) {
    expect(about({ profile, aws })).toEqual([expect.stringMatching(/^aws\.backupRegion is not set: its backups stay in eu-central-1/)]);
    expect(about({ profile, aws: { ...aws, backupRegion: "eu-west-1" } })).toEqual([]);
  }
  expect(about({ profile: dev, aws })).toEqual([]);
});
