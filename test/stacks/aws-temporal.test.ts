import { beforeAll, describe, expect, test } from "vitest";
import { type RoleName, roleNames, roles, workloadOf } from "../../components/temporal-server/roles/roles.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { describeAwsPlan } from "../support/aws/plan-rules.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { tasksOf } from "../support/aws/tasks.ts";
import { type AwsDocument, exampleRegistry, ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";

const body = `
  const db = new PostgresDb("db", { platform, databases: { temporal: {}, temporal_visibility: {} } });
  const temporal = new TemporalServer("temporal", {
    platform, database: db.databases.temporal, visibility: db.databases.temporal_visibility, historyShards: 512, namespaces: { guard: {} },
  });
  new AppService("api", {
    platform, image: "${exampleRegistry}/api:1.0.0", tools: ["wget"], ports: { http: 8000 }, health: http("/"),
    bindings: { TEMPORAL: temporal.namespaces.guard, FIGURES: temporal.metrics },
  });`;
const mirror = `${exampleRegistry}/hub`;

const plans = new Map<string, Promise<Plan>>();
const planned = (profile: "dev" | "staging" | "prod", more: AwsDocument = {}) => {
  const key = JSON.stringify([profile, more]);
  const plan = plans.get(key) ?? planOnAws(body, { profile, mirror, ...more });
  plans.set(key, plan);
  return plan;
};

// Images from elsewhere than ECR, which take a way out.
for (const profile of ["staging", "prod"] as const)
  describeAwsPlan(`Temporal on AWS, profile ${profile}`, () => planOnAws(body, { profile }), {
    profile,
    prefix: `shop-${profile}`,
    keyUsers: ["logs-key logs.eu-central-1.amazonaws.com"],
    atLeast: { tasks: 11 },
  });

const waitsFor = (plan: Plan, type: string, name: string) => resourceNamed(plan, type, name).dependencies.map((urn) => urn.split("::").at(-1));
const parts = roleNames.map((role) => workloadOf("temporal", role));

describe("roles on AWS in prod", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planned("prod");
  });
  const container = (name: string) => {
    const found = tasksOf(plan)
      .flatMap(({ containers }) => containers)
      .find((one) => one.name === name);
    if (!found) throw new Error(`no container ${name}`);
    return found;
  };
  const serviceOf = (name: string) => resourceNamed(plan, "Service", `${name}-service`);

  const small = { SQL_MAX_CONNS: "3", SQL_MAX_IDLE_CONNS: "3", SQL_VIS_MAX_CONNS: "1", SQL_VIS_MAX_IDLE_CONNS: "1" };
  const large = { SQL_MAX_CONNS: "6", SQL_MAX_IDLE_CONNS: "6", SQL_VIS_MAX_CONNS: "2", SQL_VIS_MAX_IDLE_CONNS: "2" };

  test.each([
    ["frontend", small, { cpu: 1024, memory: 2976, heap: "1843MiB", ports: { grpc: 7233, metrics: 9090, http: 7243, membership: 6933 } }],
    ["history", large, { cpu: 2048, memory: 5088, heap: "3686MiB", ports: { grpc: 7234, metrics: 9090, membership: 6934 } }],
    ["matching", small, { cpu: 1024, memory: 3040, heap: "1843MiB", ports: { grpc: 7235, metrics: 9090, membership: 6935 } }],
    ["worker", small, { cpu: 1024, memory: 3040, heap: "1843MiB", ports: { grpc: 7239, metrics: 9090, membership: 6939 } }],
  ] as const)("%s has a container that knows its role, and gets its address and all that is secret when it starts", (role, pools, of) => {
    const name = workloadOf("temporal", role as RoleName);
    const { inputs, outputs } = resourceNamed(plan, "SecretVersion", `${name}-secret-version`);
    const kept = [
      ...["DATABASE_CA", "DBNAME", "DB_PORT", "POSTGRES_PWD", "POSTGRES_SEEDS", "POSTGRES_USER", "VISIBILITY_DBNAME", "VISIBILITY_DB_PORT"],
      ...["VISIBILITY_POSTGRES_PWD", "VISIBILITY_POSTGRES_SEEDS", "VISIBILITY_POSTGRES_USER"],
    ];
    const plain = {
      ...{ BIND_ON_IP: "0.0.0.0", CLUSTER_HTTP_ADDRESS: "temporal.shop-prod.internal:7243", CLUSTER_RPC_ADDRESS: "temporal.shop-prod.internal:7233" },
      ...{ DB: "postgres12", DYNAMIC_CONFIG_FILE_PATH: "/etc/groundplan/dynamic-config.yaml", GOMEMLIMIT: of.heap, LOG_LEVEL: "info" },
      ...{ NUM_HISTORY_SHARDS: "512", PROMETHEUS_ENDPOINT: "0.0.0.0:9090" },
      ...{ SQL_CA: "/tmp/database-ca.pem", SQL_HOST_VERIFICATION: "true", SQL_TLS_ENABLED: "true", ...pools, TEMPORAL_SERVICES: role },
    };
    expect(container(name)).toEqual({
      name,
      image: `${mirror}/temporalio/server:1.31.2`,
      essential: true,
      entryPoint: [
        "sh",
        "-c",
        expect.stringMatching(/ECS_CONTAINER_METADATA_URI_V4[\s\S]*export TEMPORAL_BROADCAST_ADDRESS="\$own"\nexec "\$@"\n$/),
        "sh",
      ],
      command: ["sh", "-ec", `printf '%s\\n' "$DATABASE_CA" >/tmp/database-ca.pem\nexec "$@"`, "sh", "/etc/temporal/entrypoint.sh"],
      cpu: of.cpu,
      memory: of.memory,
      user: "1000:1000",
      readonlyRootFilesystem: true,
      environment: Object.entries(plain)
        .map(([key, value]) => ({ name: key, value }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      secrets: kept.map((key) => ({ name: key, valueFrom: `${inputs.secretId}:${key}::${outputs.versionId}` })),
      portMappings: Object.entries(of.ports).map(([key, port]) => ({
        ...{ name: key, containerPort: port, hostPort: port, protocol: "tcp" },
        ...(key === "metrics" || key === "http" ? { appProtocol: "http" } : {}),
      })),
      healthCheck: {
        command: ["CMD", "nc", "-z", "-w", "3", "127.0.0.1", String(of.ports.grpc)],
        ...{ interval: 5, timeout: 3, retries: 6, startPeriod: 60 },
      },
      stopTimeout: 75,
      dependsOn: [{ containerName: `${name}-files`, condition: "SUCCESS" }],
      mountPoints: [{ sourceVolume: "files", containerPath: "/etc/groundplan", readOnly: true }],
      linuxParameters: {
        initProcessEnabled: true,
        capabilities: { add: [], drop: ["ALL"] },
        tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["rw", "noexec", "nosuid", "nodev"] }],
      },
      ulimits: [{ name: "nofile", softLimit: 65_535, hardLimit: 65_535 }],
      volumesFrom: [],
      systemControls: [],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          ...{ "awslogs-group": `/groundplan/shop-prod/${name}`, "awslogs-region": "eu-central-1", "awslogs-stream-prefix": name },
          ...{ mode: "non-blocking", "max-buffer-size": "4m" },
        },
      },
    });
    const values = JSON.parse(String(inputs.secretString)) as Record<string, string>;
    const host = String(resourceNamed(plan, "Instance", "db").outputs.address);
    expect(values).toMatchObject({
      POSTGRES_SEEDS: host,
      VISIBILITY_POSTGRES_SEEDS: host,
      DBNAME: "temporal",
      VISIBILITY_DBNAME: "temporal_visibility",
    });
    expect(values.DATABASE_CA?.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  });

  test("reach each other by the ports of their table, and nothing else of the component", () => {
    const named = new Map(ofType(plan, "SecurityGroup").map(({ id, name }) => [id, name.replace(/-group$/, "")]));
    const among = tracedRules(plan).flatMap(({ name, rule }) => {
      const [own, other] = [named.get(rule.securityGroupId) ?? "", named.get(rule.referencedSecurityGroupId ?? "") ?? ""];
      const [from, to] = name.endsWith("-in") ? [other, own] : [own, other];
      return parts.includes(from) && parts.includes(to) ? [`${from} ${to}:${rule.fromPort} ${name.split("-").at(-1)}`] : [];
    });
    const expected = roleNames.flatMap((from) =>
      roleNames.flatMap((to) =>
        (["membership", ...(roles[from].calls[to] ?? [])] as const).flatMap((port) =>
          ["in", "out"].map((way) => `${workloadOf("temporal", from)} ${workloadOf("temporal", to)}:${roles[to].ports[port]?.port} ${way}`),
        ),
      ),
    );
    expect(among.toSorted()).toEqual(expected.toSorted());
    const into = tracedRules(plan).map(({ name }) => name);
    expect(into.filter((name) => name.endsWith("-to-db-5432-in")).toSorted()).toEqual(
      [...parts, "temporal-version", "temporal-schema", "db-check", "db-databases"].map((name) => `${name}-to-db-5432-in`).toSorted(),
    );
    expect(into.filter((name) => /^(api|temporal-(namespace|check|ui|ui-check))-to-temporal\S*-in$/.test(name)).toSorted()).toEqual([
      "api-to-temporal-7233-in",
      "api-to-temporal-9090-in",
      "temporal-check-to-temporal-7233-in",
      "temporal-namespace-to-temporal-7233-in",
      "temporal-ui-check-to-temporal-ui-8233-in",
      "temporal-ui-to-temporal-7233-in",
    ]);
  });

  test("have no proxy between them, and the frontend one for clients alone; figures are asked of the tasks themselves", () => {
    const connect = (name: string) => serviceOf(name).inputs.serviceConnectConfiguration as { services: object[] } | undefined;
    expect(parts.map((name) => connect(name) === undefined)).toEqual([false, true, true, true]);
    expect(connect("temporal")?.services).toEqual([
      {
        portName: "grpc",
        discoveryName: "shop-prod-temporal_grpc",
        clientAlias: [{ dnsName: "temporal", port: 7233 }],
        timeout: { idleTimeoutSeconds: 3600 },
      },
    ]);
    expect(JSON.parse(String(resourceNamed(plan, "SecretVersion", "api-secret-version").inputs.secretString))).toEqual({
      TEMPORAL_URL: "temporal://temporal:7233/guard",
      FIGURES_URL: "http://temporal.shop-prod.internal:9090",
    });
    for (const name of parts) expect(serviceOf(name).inputs).toHaveProperty("serviceRegistries");
  });

  test("come after the schema, and what uses them after the namespaces", () => {
    expect(waitsFor(plan, "Invocation", "temporal-version-run")).toEqual(expect.arrayContaining(["db", "db-databases-run"]));
    expect(waitsFor(plan, "Invocation", "temporal-schema-run")).toContain("temporal-version-run");
    for (const name of parts) expect(waitsFor(plan, "Service", `${name}-service`)).toContain("temporal-schema-run");
    for (const name of parts.slice(1)) expect(waitsFor(plan, "Service", `${name}-service`)).toContain("temporal-service");
    expect(waitsFor(plan, "Service", "temporal-service").filter((name) => parts.includes(name?.replace(/-service$/, "") ?? ""))).toEqual([]);
    expect(waitsFor(plan, "Invocation", "temporal-namespace-run")).toEqual(expect.arrayContaining(parts.map((name) => `${name}-service`)));
    expect(waitsFor(plan, "Service", "api-service")).toEqual(expect.arrayContaining(["temporal-service", "temporal-namespace-run"]));
    expect(ofType(plan, "TaskDefinition").map(({ name }) => name)).toEqual(expect.arrayContaining(["temporal-check-task", "temporal-ui-check-task"]));
  });

  test("keep all tasks that there are while new ones start, and are stopped when something is wrong", () => {
    for (const [index, name] of parts.entries()) {
      expect(serviceOf(name).inputs).toMatchObject({
        desiredCount: [3, 3, 3, 2][index],
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        // No port with a protocol that the proxy of clients counts failures of.
        alarms: { alarmNames: [`shop-prod-${name}-memory`], enable: true, rollback: true },
      });
    }
    expect(serviceOf("temporal-ui").inputs.desiredCount).toBe(2);
  });

  test("ring one by one, by the names of their services", () => {
    for (const name of [...parts, "temporal-ui"]) {
      const { inputs } = resourceNamed(plan, "MetricAlarm", `${name}-tasks-alarm`);
      expect(inputs).toMatchObject({
        metricName: "RunningTaskCount",
        dimensions: { ClusterName: "shop-prod", ServiceName: serviceOf(name).inputs.name },
        threshold: serviceOf(name).inputs.desiredCount,
      });
    }
    const rings = ofType(plan, "MetricAlarm").map(({ name }) => name);
    expect(rings.filter((name) => parts.some((part) => name.startsWith(`${part}-errors`)))).toEqual([]);
  });

  test("the schema is brought up to date over connections that are checked, by both programs", () => {
    for (const job of ["temporal-version", "temporal-schema"]) {
      const { environment, secrets } = container(job);
      const told = Object.fromEntries(environment.map(({ name, value }) => [name, value]));
      const file = "/tmp/database-ca.pem";
      expect(told).toEqual({ PGSSLMODE: "verify-full", PGSSLROOTCERT: file, SQL_TLS: "true", SQL_TLS_CA_FILE: file });
      expect(secrets.map(({ name }) => name)).toEqual(expect.arrayContaining(["DATABASE_CA", "DATABASE_PASSWORD", "VISIBILITY_PASSWORD"]));
    }
  });
});

test("the same settings are the same plan, and another number of connections only other tasks of the roles", async () => {
  const plan = await planned("prod");
  expect(await planOnAws(body, { profile: "prod", mirror })).toEqual(plan);
  const more = await planned("prod", { components: { temporal: { maxConnections: 280 } } });
  const before = new Map(plan.resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
  const changed = more.resources.filter(({ urn, inputs }) => before.get(urn) !== JSON.stringify(inputs)).map(({ name }) => name);
  expect(changed.toSorted()).toEqual(parts.map((name) => `${name}-task`).toSorted());
  expect(more.resources).toHaveLength(plan.resources.length);
});

test("in dev all roles are one task, which needs no address, and clients find the same names", async () => {
  const plan = await planned("dev");
  expect(
    ofType(plan, "Service")
      .filter(({ inputs }) => inputs.taskDefinition)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(["api-service", "temporal-service", "temporal-ui-service"]);
  const server = tasksOf(plan)
    .flatMap(({ containers }) => containers)
    .find(({ name }) => name === "temporal");
  expect(server?.environment).toContainEqual({ name: "TEMPORAL_BROADCAST_ADDRESS", value: "127.0.0.1" });
  expect(JSON.stringify(server?.entryPoint)).not.toContain("ECS_CONTAINER_METADATA_URI_V4");
  expect(JSON.parse(String(resourceNamed(plan, "SecretVersion", "api-secret-version").inputs.secretString))).toEqual({
    TEMPORAL_URL: "temporal://temporal:7233/guard",
    FIGURES_URL: "http://temporal.shop-dev.internal:9090",
  });
});

test("where the authorities are not known, or the proxy has a public one, it is encrypted, and a warning says that nobody checks", async () => {
  const region = { region: "mx-central-1", zones: ["mx-central-1a", "mx-central-1b", "mx-central-1c"] };
  for (const more of [{ aws: region }, { components: { db: { aws: { proxy: true } } } }]) {
    const plan = await planned("staging", more);
    const history = tasksOf(plan)
      .flatMap(({ containers }) => containers)
      .find(({ name }) => name === "temporal-history");
    const told = history?.environment.filter(({ name }) => /^SQL_(TLS|CA|HOST)/.test(name));
    expect(told).toEqual([{ name: "SQL_TLS_ENABLED", value: "true" }]);
    expect(plan.warnings.filter((text) => text.startsWith("temporal: its connections to the databases are encrypted"))).toHaveLength(1);
  }
  expect((await planned("prod")).warnings.filter((text) => text.includes("nobody checks with whom"))).toEqual([]);
});

test("a class of instances that is too small for the roles is told before anything is made", async () => {
  const result = await recordOnAws(body, { profile: "prod", mirror, components: { db: { aws: { instanceClass: "db.t4g.micro" } } } });
  if (!("problems" in result)) throw new Error("no problems");
  expect(result.problems).toEqual([
    {
      component: "temporal",
      path: "maxConnections",
      value: 120,
      rule: "at most what db takes: about 84 connections at once, by its maxConnections or the class of its instance",
      fix: "write fewer, or give db a larger aws.instanceClass",
    },
  ]);
});
