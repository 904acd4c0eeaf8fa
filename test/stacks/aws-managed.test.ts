import { beforeAll, describe, expect, test } from "vitest";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";
import { everything, everythingOnAws } from "../support/aws/everything.ts";
import { statementsOf } from "../support/aws/policies.ts";
import { groundSettings, profiles, starterOn } from "../support/grounds.ts";
import { recorded } from "../support/recorded.ts";

/** What is waited for longer than the provider does by itself, by type; the rest is quick. */
const patience: Readonly<Record<string, { readonly create?: string; readonly update?: string; readonly delete?: string }>> = {
  "aws:ebs/volume:Volume": { delete: "60m" },
  "aws:ec2/instance:Instance": { create: "20m", delete: "30m" },
  "aws:ecs/service:Service": { create: "23m", update: "23m", delete: "20m" },
  "aws:elasticache/replicationGroup:ReplicationGroup": { create: "60m", update: "60m", delete: "60m" },
  // Of each job its own time, and two minutes.
  "aws:lambda/invocation:Invocation": { create: expect.stringMatching(/^(300|420)s$/) },
  "aws:rds/instance:Instance": { create: "60m", update: "80m", delete: "60m" },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": { create: "75m", delete: "75m" },
  "aws:rds/proxy:Proxy": { create: "40m", update: "40m", delete: "60m" },
  "aws:rds/proxyTarget:ProxyTarget": { create: "40m" },
  "aws:ssm/association:Association": { create: "40m" },
};

const one = (plan: Plan, type: string, name: string): PlanResource => {
  const found = plan.resources.filter((resource) => resource.type === type && resource.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} of ${type} ${name}`);
  return found[0];
};
const ofType = (plan: Plan, type: string) => plan.resources.filter((resource) => resource.type === type);
/** Names of resources that it depends on. */
const waitsFor = (resource: PlanResource) => resource.dependencies.map((urn) => urn.split("::").at(-1));

/** Statements of the policy of one resource. */
const statementsIn = (plan: Plan, type: string, name: string) =>
  statementsOf(plan).flatMap(({ resource, statement }) => (resource === one(plan, type, name) ? [statement] : []));

describe.each(profiles)("managed services of %s", (profile) => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await starterOn("aws", profile);
  });

  test("what holds data is protected where data is guarded, and nowhere else", () => {
    const kept = plan.resources
      .filter(({ protect, type }) => protect && !/^aws:(kms|ec2\/vpc|ecr)/.test(type))
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    const credentials = ["bus-app", "bus-system", "bus-route", "cache-app", "cache-monitor", "cache-off", "db-app", "db-monitor"].map(
      (name) => `RandomPassword ${name}-password`,
    );
    const expected = [
      "Instance db",
      "ReplicationGroup cache",
      ...[0, 1, 2].map((index) => `Volume bus-${index}-data`),
      "Queue queue-jobs",
      "Queue queue-jobs-dlq",
      "RandomId db-life",
      "RandomId cache-life",
      ...credentials,
      "Vault backup-vault",
      "VaultPolicy backup-vault-policy",
    ];
    expect(kept.toSorted()).toEqual(profile === "dev" ? [] : expected.toSorted());
  });

  test("a client of the queue may use that queue and its key, and has no port for it", () => {
    const [use, key, ...rest] = statementsIn(plan, "aws:iam/rolePolicy:RolePolicy", "api-task-policy");
    expect(rest).toEqual([]);
    expect(use?.Resource).toEqual([`arn:aws:sqs:eu-central-1:123456789012:groundplan-${profile}-queue-jobs`]);
    expect(key?.Action).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
    expect(plan.resources.filter(({ type, name }) => type.includes("securityGroup") && name.includes("queue"))).toEqual([]);
  });

  test("the instances of nodes are told nothing secret", () => {
    for (const { inputs } of ofType(plan, "aws:ec2/launchTemplate:LaunchTemplate")) {
      const script = Buffer.from(String(inputs.userData), "base64").toString("utf8");
      expect(script).toContain("#!/bin/bash");
      for (const { value } of plan.credentials) expect(script).not.toContain(value);
      expect(script).not.toContain("PRIVATE KEY");
    }
  });

  test("logs have a group before anything writes them", () => {
    const id = `groundplan-${profile}-db`;
    for (const log of ["postgresql", "upgrade"])
      expect(one(plan, "aws:cloudwatch/logGroup:LogGroup", `db-${log}-logs`).inputs.name).toBe(`/aws/rds/instance/${id}/${log}`);
    expect(waitsFor(one(plan, "aws:rds/instance:Instance", "db"))).toEqual(
      expect.arrayContaining(["db-postgresql-logs", "db-upgrade-logs", "db-monitoring-policy"]),
    );
    expect(waitsFor(one(plan, "aws:ec2/instance:Instance", "bus-0"))).toEqual(
      expect.arrayContaining(["bus-logs", "bus-node-policy", "bus-nodes-secret-version"]),
    );
  });

  test("who is bound waits until databases and streams are there, and all nodes serve", () => {
    const nodes = ofType(plan, "aws:ec2/instance:Instance").map(({ name }) => name);
    expect(nodes).toEqual(profile === "dev" ? ["bus-0"] : ["bus-0", "bus-1", "bus-2"]);
    const serving = one(plan, "aws:ssm/association:Association", "bus-converge");
    expect(waitsFor(serving)).toEqual(
      expect.arrayContaining([...nodes, ...nodes.map((node) => `${node}-data`), ...nodes.map((node) => `${node}-among-all`)]),
    );
    expect(serving.inputs).toMatchObject({ maxConcurrency: "1", maxErrors: "0", waitForSuccessTimeoutSeconds: 1800 });
    // The provider waits when it makes one, and not when it changes one.
    expect(serving.replaceOnChanges).toEqual(["parameters", "targets"]);
    expect(waitsFor(one(plan, "aws:lambda/invocation:Invocation", "bus-streams-run"))).toContain("bus-converge");
    expect(waitsFor(one(plan, "aws:lambda/invocation:Invocation", "db-databases-run"))).toContain("db");
    const api = one(plan, "aws:ecs/service:Service", "api-service");
    expect(waitsFor(api)).toEqual(expect.arrayContaining(["bus-streams-run", "db-databases-run", "cache", "queue-jobs"]));
  });

  test("nodes stand in zones of their own with their volumes", () => {
    const zones = ofType(plan, "aws:ebs/volume:Volume").map(({ inputs }) => inputs.availabilityZone);
    expect(new Set(zones).size).toBe(zones.length);
    const subnets = ofType(plan, "aws:ec2/instance:Instance").map(({ inputs }) => inputs.subnetId);
    expect(new Set(subnets).size).toBe(subnets.length);
  });

  test("a node tells how full its volume is, in the namespace of its stack alone, and somebody is told in time", () => {
    const namespace = `groundplan-${profile}/nats`;
    const tell = statementsIn(plan, "aws:iam/rolePolicy:RolePolicy", "bus-node-policy").find(({ Sid }) => Sid === "TellDisk");
    expect(tell).toMatchObject({ Action: ["cloudwatch:PutMetricData"], Condition: { StringEquals: { "cloudwatch:namespace": namespace } } });
    const service = "com.amazonaws.eu-central-1.monitoring";
    expect(ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => inputs.serviceName)).toContain(service);
    for (const { name: node } of ofType(plan, "aws:ec2/instance:Instance")) {
      const script = Buffer.from(String(one(plan, "aws:ec2/launchTemplate:LaunchTemplate", `${node}-template`).inputs.userData), "base64").toString();
      expect(script).toContain(`METRICS=${namespace}\n`);
      const { inputs } = one(plan, "aws:cloudwatch/metricAlarm:MetricAlarm", `${node}-disk-alarm`);
      expect(inputs).toMatchObject({ namespace, metricName: "DataVolumeUsed", dimensions: { Node: node }, treatMissingData: "breaching" });
      // The server refuses messages when it has what it may keep, and the volume is larger than that.
      const storageGiB = { dev: 5, staging: 20, prod: 100 }[profile];
      const refusesAt = (100 * storageGiB) / Number(one(plan, "aws:ebs/volume:Volume", `${node}-data`).inputs.size);
      expect(inputs.threshold).toBeLessThan(refusesAt);
      expect(inputs.threshold).toBeGreaterThan(refusesAt * 0.8);
    }
  });

  test("routes need certificates only between nodes", () => {
    const certificates = ofType(plan, "tls:index/locallySignedCert:LocallySignedCert");
    expect(certificates.map(({ name }) => name)).toEqual(profile === "dev" ? [] : ["bus-0-route", "bus-1-route", "bus-2-route"]);
    for (const { secretInputs } of certificates) expect(secretInputs).toContain("caPrivateKeyPem");
    // A node proves the name under which the others look for it.
    const requests = ofType(plan, "tls:index/certRequest:CertRequest").map(({ inputs }) => inputs.dnsNames);
    expect(requests).toEqual(certificates.map((_, index) => [`bus-${index}.groundplan-${profile}.internal`]));
  });
});

describe("with everything that is offered", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await everythingOnAws();
  });

  test("what clients must know of certificates is told before they meet them", async () => {
    const about = (of: Plan) => of.warnings.filter((text) => text.includes("uselibpqcompat=true"));
    expect(about(plan)).toEqual([expect.stringMatching(/^db: node-postgres 8 refuses the certificate of read replicas: /)]);
    expect(about(await starterOn("aws", "prod"))).toEqual([expect.stringMatching(/^db: node-postgres 8 refuses the certificate of the server: /)]);
  });

  test("clients get the proxy, and only the proxy and the jobs get the server", () => {
    const rules = ofType(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ name }) => name);
    expect(rules.filter((name) => name.includes("-to-db")).toSorted()).toEqual(
      ["api-to-db-proxy-5432-in", "db-check-to-db-5432-in", "db-databases-to-db-5432-in", "db-proxy-to-db-5432-in"].toSorted(),
    );
    expect(one(plan, "aws:rds/proxy:Proxy", "db-proxy").inputs).toMatchObject({ requireTls: true, debugLogging: false, engineFamily: "POSTGRESQL" });
    expect((one(plan, "aws:rds/proxy:Proxy", "db-proxy").inputs.auths as { authScheme: string }[]).map(({ authScheme }) => authScheme)).toEqual([
      "SECRETS",
      "SECRETS",
      "SECRETS",
    ]);
  });

  test("read replicas are of a primary whose password is generated, kept with the others, and given to the job alone", () => {
    const token = plan.credentials.find(({ name }) => name === "db-postgres-password")?.value;
    const primary = one(plan, "aws:rds/instance:Instance", "db");
    expect(primary.inputs).toMatchObject({ username: "postgres", passwordWo: token, passwordWoVersion: expect.any(Number) });
    expect(primary.secretInputs).toContain("passwordWo");
    for (const refused of ["manageMasterUserPassword", "masterUserSecretKmsKeyId", "password"]) expect(primary.inputs).not.toHaveProperty(refused);
    expect(one(plan, "random:index/randomPassword:RandomPassword", "db-postgres-password").protect).toBe(true);
    const copies = ofType(plan, "aws:rds/instance:Instance").filter(({ inputs }) => inputs.replicateSourceDb === primary.inputs.identifier);
    expect(copies.map(({ name }) => name)).toEqual(["db-replica-0", "db-replica-1"]);
    const holders = ofType(plan, "aws:secretsmanager/secretVersion:SecretVersion").filter(({ inputs }) =>
      String(inputs.secretString).includes(String(token)),
    );
    expect(holders.map(({ name }) => name)).toEqual(["db-databases-secret-version"]);
    expect(JSON.parse(String(holders[0]?.inputs.secretString))).toMatchObject({ PGPASSWORD: token });
    const read = statementsIn(plan, "aws:iam/rolePolicy:RolePolicy", "db-databases-execution-policy").find(({ Sid }) => Sid === "ReadSecrets");
    expect([read?.Resource].flat()).toEqual([one(plan, "aws:secretsmanager/secret:Secret", "db-databases-secret").outputs.arn]);
  });

  test("the proxy opens the logins of the roles, and nothing else", () => {
    const [read, key, ...rest] = statementsIn(plan, "aws:iam/rolePolicy:RolePolicy", "db-proxy-policy");
    expect(rest).toEqual([]);
    expect(read?.Action).toEqual(["secretsmanager:GetSecretValue"]);
    expect([read?.Resource].flat().map((arn) => String(arn).replace(/(-\d{26})?-[0-9a-f]{6}$/, ""))).toEqual(
      ["app", "reporting", "monitor"].map((role) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:groundplan-prod/db-${role}-login-data`),
    );
    expect(key?.Action).toEqual(["kms:Decrypt"]);
  });

  test("the proxy's log has a group before the proxy writes it", () => {
    expect(one(plan, "aws:cloudwatch/logGroup:LogGroup", "db-proxy-logs").inputs.name).toBe("/aws/rds/proxy/groundplan-prod-db-proxy");
    expect(waitsFor(one(plan, "aws:rds/proxy:Proxy", "db-proxy"))).toContain("db-proxy-logs");
  });

  test("logs of a cache lie below a path that no component's own log has", () => {
    const paths = ["slow", "engine"].map((log) => one(plan, "aws:cloudwatch/logGroup:LogGroup", `cache-${log}-logs`).inputs.name);
    expect(paths).toEqual(["/groundplan/groundplan-prod/cache/slow", "/groundplan/groundplan-prod/cache/engine"]);
  });

  test("backups are copied under a key of the other region", () => {
    const copy = one(plan, "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", "db-backup-copy");
    expect(copy.inputs).toMatchObject({ region: "eu-west-1", retentionPeriod: 35 });
    expect(one(plan, "aws:kms/key:Key", "backup-key").inputs).toMatchObject({
      region: "eu-west-1",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    // Another number of days is another copy, which a protected one would not let through.
    expect(copy.protect).toBe(false);
    expect(copy.propertyDependencies.kmsKeyId?.map((urn) => urn.split("::").at(-1))).toEqual(["backup-key"]);
  });

  test("a plan that copies no backups says so", async () => {
    const about = (of: Plan) => of.warnings.filter((text) => text.includes("backupRegion"));
    expect(about(plan)).toEqual([]);
    expect(about(await starterOn("aws", "prod"))).toEqual(
      ["db", "bus"].map((name) => expect.stringMatching(`^${name}: aws\\.backupRegion is not set: `)),
    );
    expect(about(await starterOn("aws", "dev"))).toEqual([]);
  });

  test("backups are copied in any profile whose stack file names a region", async () => {
    const staging = await starterOn("aws", "staging", { aws: everything.aws });
    expect(one(staging, "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", "db-backup-copy").inputs).toMatchObject({
      region: "eu-west-1",
      retentionPeriod: 7,
    });
  });

  test("topics feed their queues: by name, as sent, with their dead letters", () => {
    const queue = (name: string) => `arn:aws:sqs:eu-central-1:123456789012:groundplan-prod-queue-${name}`;
    expect(one(plan, "aws:sns/topicSubscription:TopicSubscription", "queue-topic-news-to-jobs").inputs).toMatchObject({
      protocol: "sqs",
      endpoint: queue("jobs"),
      rawMessageDelivery: true,
      filterPolicy: '{"kind":["a"]}',
      filterPolicyScope: "MessageAttributes",
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue("jobs-dlq") }),
    });
    expect(one(plan, "aws:sns/topicSubscription:TopicSubscription", "queue-topic-changes-to-orders").inputs.endpoint).toBe(queue("orders.fifo"));
    const sources = (name: string) =>
      statementsIn(plan, "aws:sqs/queuePolicy:QueuePolicy", `queue-${name}`).find(({ Sid }) => Sid === "TopicsThatFeedIt")?.Condition?.ArnEquals?.[
        "aws:SourceArn"
      ];
    expect(sources("jobs")).toEqual(["arn:aws:sns:eu-central-1:123456789012:groundplan-prod-queue-news"]);
    expect(sources("jobs-dlq")).toEqual(sources("jobs"));
    expect(sources("orders")).toEqual(["arn:aws:sns:eu-central-1:123456789012:groundplan-prod-queue-changes.fifo"]);
  });

  test("everything that takes long may take it", () => {
    const given = plan.resources.map(({ type, createTimeout, updateTimeout, deleteTimeout }) => ({
      type,
      timeouts: Object.fromEntries(
        Object.entries({ create: createTimeout, update: updateTimeout, delete: deleteTimeout }).filter(([, value]) => value !== undefined),
      ),
    }));
    for (const { type, timeouts } of given) expect(timeouts, type).toEqual(patience[type] ?? {});
    expect(given.map(({ type }) => type)).toEqual(expect.arrayContaining(Object.keys(patience)));
  });

  test("alarms tell the configured topics, and a broken machine is left", () => {
    const alarms = ofType(plan, "aws:cloudwatch/metricAlarm:MetricAlarm");
    for (const { inputs } of alarms) expect(inputs.alarmActions).toContain("arn:aws:sns:eu-central-1:123456789012:alarms");
    expect(one(plan, "aws:cloudwatch/metricAlarm:MetricAlarm", "bus-0-host-alarm").inputs.alarmActions).toContain(
      "arn:aws:automate:eu-central-1:ec2:recover",
    );
    const measured = new Set(alarms.map(({ inputs }) => `${String(inputs.namespace)} ${String(inputs.metricName)}`));
    for (const metric of [
      "AWS/RDS CPUUtilization",
      "AWS/RDS FreeStorageSpace",
      "AWS/RDS DatabaseConnections",
      "AWS/ElastiCache EngineCPUUtilization",
      "AWS/ElastiCache DatabaseMemoryUsagePercentage",
      "AWS/SQS ApproximateAgeOfOldestMessage",
      "AWS/SQS ApproximateNumberOfMessagesVisible",
      "AWS/EC2 StatusCheckFailed_System",
    ])
      expect(measured).toContain(metric);
  });

  test("names stay within what each service takes, also of a second copy with a long name", async () => {
    const isolation = "a-rather-long-second-one";
    const settings = { target: "aws", isolation, ...groundSettings.aws };
    const copy = await recorded({ stack: `dev-${isolation}`, environment: { GROUNDPLAN_ISOLATION: isolation }, settings });
    const longest: Readonly<Record<string, readonly [property: string, limit: number]>> = {
      "aws:rds/instance:Instance": ["identifier", 63],
      "aws:elasticache/replicationGroup:ReplicationGroup": ["replicationGroupId", 40],
      "aws:elasticache/user:User": ["userId", 40],
      "aws:elasticache/userGroup:UserGroup": ["userGroupId", 40],
      "aws:sqs/queue:Queue": ["name", 80],
      "aws:ec2/launchTemplate:LaunchTemplate": ["name", 128],
      "aws:ssm/association:Association": ["associationName", 128],
      "aws:iam/instanceProfile:InstanceProfile": ["name", 128],
      "aws:cloudwatch/metricAlarm:MetricAlarm": ["name", 255],
    };
    for (const [type, [property, limit]] of Object.entries(longest)) {
      const names = ofType(copy, type).map(({ inputs }) => String(inputs[property]));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(name).toMatch(new RegExp(`^[a-z](?:[a-z0-9.]|-(?=[a-z0-9])){0,${limit - 1}}$`));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("what AWS cannot do is told before anything is made", () => {
  test("all of it, in one list", async () => {
    const failing = starterOn("aws", "prod", {
      components: {
        db: { memoryMiB: 65_536, settings: { fsync: "off" }, aws: { proxy: true } },
        bus: { memoryMiB: 8192 },
        cache: { memoryMiB: 32_768 },
      },
    });
    const text = await failing.then(
      () => "",
      (error: Error) => error.message,
    );
    for (const where of ["db.memoryMiB", "db.settings.fsync", "bus.memoryMiB", "cache.memoryMiB"]) {
      const [component, ...path] = where.split(".");
      expect(text).toContain(`"component":"${component}","path":"${path.join(".")}"`);
    }
  });

  test("protection cannot be switched off in prod", async () => {
    const failing = starterOn("aws", "prod", {
      components: { db: { aws: { deletionProtection: false, backupDays: 0 } }, cache: { aws: { snapshotDays: 0 } } },
    });
    const text = await failing.then(
      () => "",
      (error: Error) => error.message,
    );
    for (const path of ["aws.deletionProtection", "aws.backupDays", "aws.snapshotDays"]) expect(text).toContain(`"path":"${path}"`);
  });
});
