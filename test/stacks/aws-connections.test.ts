import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { statementsOf } from "../support/aws/policies.ts";
import { exampleRegistry, ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";

const service = (name: string, bindings: string) =>
  `new AppService("${name}", { platform, image: "${exampleRegistry}/${name}:1.0.0", ports: { http: 8000 }, health: http("/"), bindings: { ${bindings} } });`;
const mirror = { mirror: `${exampleRegistry}/hub` };

describe("connections to managed services", () => {
  let plan: Plan;
  const rules = (client: string) =>
    ofType(plan, "SecurityGroupIngressRule")
      .map(({ name }) => name)
      .filter((name) => name.startsWith(`${client}-to-`) && !name.includes("endpoints"))
      .toSorted();

  const permissions = (role: string) =>
    statementsOf(plan).flatMap(({ resource, statement }) => (resource.name === `${role}-policy` ? [statement] : []));

  beforeAll(async () => {
    plan = await planOnAws(
      `
  const db = new PostgresDb("db", { platform, databases: { app: { grants: { reporting: "read" } } } });
  const bus = new NatsCluster("bus", { platform });
  const queue = new MessageQueue("queue", { platform, queues: { jobs: {}, mail: { fifo: true } }, topics: { news: { subscribers: ["jobs"] } } });
  const cache = new RedisCache("cache", { platform });
  ${service("api", "DATABASE: db.databases.app, REDIS: cache.connection")}
  ${service("reports", "DATABASE: db.databases.app.roles.reporting.replicas[1]")}
  ${service("scraper", "BUS: bus.monitor")}
  ${service("worker", "JOBS: queue.queues.jobs, MAIL: queue.queues.mail")}
  ${service("press", "NEWS: queue.topics.news")}
  const { app } = db.databases;
  return {
    database: { host: app.host, tls: app.tls, uri: app.uri, address: app.address },
    replicas: app.replicas.map(({ host }) => host),
    reporting: app.roles.reporting.replicas.map(({ username, host }) => [username, host]),
    cache: cache.connection.uri,
    bus: { uri: bus.connection.uri, monitor: bus.monitor.uri },
    jobs: queue.queues.jobs.uri,
    news: queue.topics.news.uri,
  };`,
      { ...mirror, components: { db: { aws: { proxy: true, readReplicas: 2 } } } },
    );
  });

  test("say where and how: the proxy in front, replicas each by itself, TLS where the service wants it", () => {
    const [server, first, second] = ["db", "db-replica-0", "db-replica-1"].map((name) => resourceNamed(plan, "Instance", name).outputs.address);
    const proxy = resourceNamed(plan, "Proxy", "db-proxy").outputs.endpoint;
    expect(server).not.toBe(proxy);
    expect(plan.outputs).toMatchObject({
      database: { host: proxy, tls: true, address: `${String(proxy)}:5432` },
      replicas: [first, second],
      reporting: [
        ["reporting", first],
        ["reporting", second],
      ],
      bus: { monitor: "http://bus.shop-dev.internal:8222" },
      jobs: "https://sqs.eu-central-1.amazonaws.com/123456789012/shop-dev-queue-jobs",
      news: "https://sns.eu-central-1.amazonaws.com/arn:aws:sns:eu-central-1:123456789012:shop-dev-queue-news",
    });
    const { database, cache, bus } = plan.outputs as { database: { uri: string }; cache: string; bus: { uri: string } };
    expect(database.uri).toMatch(new RegExp(`^postgres://app:\\w+@${String(proxy)}:5432/app\\?sslmode=require$`));
    expect(cache).toMatch(/^rediss:\/\/app:\w+@master\.shop-dev-cache\.[\w.]+:6379$/);
    expect(bus.uri).toMatch(/^nats:\/\/app:\w+@bus\.shop-dev\.internal:4222$/);
  });

  test("open one port of what is bound, and nothing else", () => {
    expect(rules("api")).toEqual(["api-to-cache-6379-in", "api-to-db-proxy-5432-in"]);
    expect(rules("reports")).toEqual(["reports-to-db-5432-in"]);
    expect(rules("scraper")).toEqual(["scraper-to-bus-8222-in"]);
    expect(rules("worker")).toEqual([]);
    expect(rules("press")).toEqual([]);
  });

  test("open the actions of a client of each queue and topic, and nothing else", () => {
    const allowed = (name: string) =>
      permissions(`${name}-task`).map(({ Action, Resource }) => [
        [Action].flat()[0],
        [Resource].flat().map((arn) =>
          String(arn)
            .split(":")
            .slice(2)
            .join(":")
            .replace(/key\/.*/, "key"),
        ),
      ]);
    expect(allowed("worker")).toEqual([
      ["sqs:SendMessage", ["sqs:eu-central-1:123456789012:shop-dev-queue-jobs"]],
      ["kms:Decrypt", ["kms:eu-central-1:123456789012:key"]],
      ["sqs:SendMessage", ["sqs:eu-central-1:123456789012:shop-dev-queue-mail.fifo"]],
    ]);
    expect(allowed("press")).toEqual([
      ["sns:Publish", ["sns:eu-central-1:123456789012:shop-dev-queue-news"]],
      ["kms:Decrypt", ["kms:eu-central-1:123456789012:key"]],
    ]);
    for (const service of ["sqs", "sns"])
      expect(resourceNamed(plan, "VpcEndpoint", `endpoint-${service}`).inputs.serviceName).toMatch(new RegExp(`\\.${service}$`));
  });

  test("nodes pull from ECR without a way to the internet", () => {
    expect(ofType(plan, "NatGateway")).toEqual([]);
    const policy = permissions("bus-node");
    const pull = policy.find(({ Action }) => [Action].flat().includes("ecr:BatchGetImage"));
    expect(pull?.Resource).toEqual(["arn:aws:ecr:eu-central-1:123456789012:repository/hub/library/nats"]);
  });
});

test("a replica that is asked for where there are none is told, and breaks nothing before", async () => {
  const result = await recordOnAws(
    `
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  ${service("reports", "DATABASE: db.databases.app.replicas[0]")}
  return {};`,
    { ...mirror, components: { db: { memoryMiB: 1_000_000, aws: { readReplicas: 1 } } } },
  );
  expect("problems" in result ? result.problems.map(({ component, path }) => `${component}.${path}`) : result).toEqual(["db.memoryMiB"]);
});

test("queues of two components that would have one name in the account are told apart", async () => {
  const result = await recordOnAws(
    `
  const one = new MessageQueue("queue", { platform, queues: { "mail-in": {}, jobs: {} } });
  const other = new MessageQueue("queue-mail", { platform, queues: { in: {}, out: {} } });
  return {};`,
    mirror,
  );
  const told = "problems" in result ? result.problems.map(({ component, path }) => `${component}.${path}`) : result;
  expect(told).toEqual(["queue-mail.queues.in"]);
});
