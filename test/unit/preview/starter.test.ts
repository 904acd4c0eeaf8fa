import { beforeAll, describe, expect, test } from "vitest";
import { endpointsOf } from "../../../src/preview/endpoints.ts";
import { componentsOf, type Plan } from "../../../src/preview/plan.ts";
import { readinessOf } from "../../../src/preview/readiness.ts";
import { treeOf } from "../../../src/preview/tree.ts";
import { recorded } from "../../support/recorded.ts";

let plan: Plan;
beforeAll(async () => {
  plan = await recorded();
}, 60_000);

describe("the recorded starter", () => {
  test("tells of every part how its probe was translated and what it waits for", () => {
    const everyFive = (failures: number) => `health check every 5s, ${failures} failures, and wait`;
    const job = { declared: "runs to its end", translated: "exit code 0, or all behind it stops" };
    const rows = readinessOf(plan).map((row) => ({ ...row, waitsFor: row.waitsFor.toSorted() }));
    expect(rows.toSorted((a, b) => a.workload.localeCompare(b.workload))).toEqual([
      {
        workload: "api",
        declared: "http GET /health",
        translated: everyFive(6),
        waitsFor: ["bus-0 healthy", "bus-streams done", "cache healthy", "db healthy", "db-databases done", "queue healthy", "queue-queues done"],
      },
      { workload: "bus-0", declared: "http GET /healthz?js-enabled-only=true on monitor", translated: everyFive(6), waitsFor: [] },
      { workload: "bus-streams", ...job, waitsFor: ["bus-0 healthy"] },
      { workload: "cache", declared: "exec sh", translated: everyFive(6), waitsFor: [] },
      { workload: "db", declared: "exec pg_isready", translated: everyFive(10), waitsFor: [] },
      { workload: "db-databases", ...job, waitsFor: ["db healthy"] },
      { workload: "queue", declared: "http GET /?Action=GetQueueUrl&QueueName=groundplan-ready", translated: everyFive(6), waitsFor: [] },
      { workload: "queue-queues", ...job, waitsFor: ["queue healthy"] },
    ]);
  });

  test("is a tree with what is bound below what it is bound to", () => {
    const tree = treeOf(plan);
    expect(tree.filter(({ depth }) => depth === 0)).toEqual([
      { depth: 0, kind: "NatsCluster", name: "bus", note: "" },
      { depth: 0, kind: "RedisCache", name: "cache", note: "" },
      { depth: 0, kind: "PostgresDb", name: "db", note: "" },
      { depth: 0, kind: "MessageQueue", name: "queue", note: "" },
      { depth: 0, kind: "AppService", name: "api", note: "DATABASE -> db:5432, NATS -> bus:4222, QUEUE -> queue:9324, REDIS -> cache:6379" },
    ]);
    const at = tree.findIndex(({ name, depth }) => name === "api" && depth === 0);
    expect(tree.slice(at + 1)).toEqual([
      { depth: 1, kind: "Container", name: "api", note: "" },
      { depth: 1, kind: "Container", name: "api-check", note: "" },
      { depth: 1, kind: "Network", name: "api-network", note: "" },
    ]);
    expect(tree.find(({ name }) => name === "db-data")).toMatchObject({ depth: 1, kind: "Volume", note: "protected" });
    const below = componentsOf(plan).flatMap(({ urn }) => plan.resources.filter(({ parent }) => parent === urn));
    expect(tree.filter(({ depth }) => depth === 1)).toHaveLength(below.length);
  });

  test("says where each published port is reached, as whom, and which credential opens it", () => {
    expect(endpointsOf(plan).toSorted((a, b) => `${a.url} ${a.user}`.localeCompare(`${b.url} ${b.user}`))).toEqual([
      { component: "api", url: "http://127.0.0.1:8000", user: "", credential: "" },
      { component: "bus", url: "http://127.0.0.1:8222", user: "", credential: "" },
      { component: "queue", url: "http://127.0.0.1:9324/000000000000/queue-jobs", user: "", credential: "" },
      { component: "queue", url: "http://127.0.0.1:9324/000000000000/queue-jobs-dlq", user: "", credential: "" },
      { component: "bus", url: "nats://127.0.0.1:4222", user: "app", credential: "bus-app-password" },
      { component: "bus", url: "nats://127.0.0.1:4222", user: "system", credential: "bus-system-password" },
      { component: "db", url: "postgres://127.0.0.1:5432/app", user: "app", credential: "db-app-password" },
      { component: "db", url: "postgres://127.0.0.1:5432/postgres", user: "monitor", credential: "db-monitor-password" },
      { component: "cache", url: "redis://127.0.0.1:6379", user: "app", credential: "cache-app-password" },
      { component: "cache", url: "redis://127.0.0.1:6379", user: "monitor", credential: "cache-monitor-password" },
    ]);
  });

  test("shows a prober beside an image of which nothing is known, and more than one replica", async () => {
    const settings = {
      images: { api: "registry.example/api:1.0.0" },
      components: { api: { replicas: 2, publish: [] }, db: { databases: { app: {} } } },
    };
    const other = await recorded({ settings });
    const rows = readinessOf(other).filter(({ workload }) => workload.startsWith("api"));
    expect(rows.map(({ workload, translated }) => [workload, translated])).toEqual([
      ["api-0", "prober beside it every 5s, and wait"],
      ["api-1", "prober beside it every 5s, and wait"],
    ]);
    expect(treeOf(other).find(({ name }) => name === "api")?.note).toMatch(/^2 replicas, DATABASE -> /);
    expect(endpointsOf(other).map(({ component }) => component)).not.toContain("api");
  }, 60_000);
});
