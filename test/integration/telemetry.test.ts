import { createClient } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { images } from "../../src/core/images.ts";
import { bus, sql, withCache } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { logStreams } from "../support/loki.ts";
import { credentials, daemon, discard, inspect, lives, port, servers, until, up, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** Prints a line for each request to /say, and every notification that it gets. */
const talker = `
const print = (record) => console.log(JSON.stringify(record));
require("node:http").createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://talker");
  let body = "";
  for await (const piece of request) body += piece;
  if (pathname === "/say") print({ level: "warn", message: searchParams.get("word"), trace_id: searchParams.get("trace") });
  if (pathname === "/alerts") print({ level: "info", notified: JSON.parse(body).alerts.map((a) => a.status + " " + a.labels.alertname + " " + a.labels.component) });
  response.end("ok");
}).listen(8000);
process.on("SIGTERM", () => process.exit(0));
`;

const topology = `
const otel = bind(telemetryOf(platform, "telemetry"), {});
const db = new PostgresDb("db", { platform, databases: { app: {} } });
const bus = new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"], consumers: { WORKER: {} } } } });
const cache = new RedisCache("cache", { platform });
const talker = new AppService("talker", {
  platform, image: "${images.node.repository}:${images.node.tag}", command: ["node", "-e", ${JSON.stringify(talker)}],
  ports: { http: 8000 }, health: http("/health"), publish: ["http"],
});
const api = new AppService("api", { platform, ports: { http: 8000, metrics: 8080 }, health: http("/health"), bindings: { DATABASE: db.databases.app, OTEL: otel } });
new ObservabilityStack("telemetry", {
  platform, traces: "none", scrapeSeconds: 5, observes: [db, bus, cache, api, talker],
  receivers: { webhook: [{ service: talker.connection, path: "/alerts" }] },
});
return {};
`;

interface Found<T> {
  readonly data: { readonly result: readonly T[] };
}

describeDocker("what an ObservabilityStack sees", () => {
  let project: TempProject;

  const ask = async <T>(part: string, path: string, query: Record<string, string>): Promise<readonly T[]> => {
    const url = `http://127.0.0.1:${port(project, part)}${path}?${new URLSearchParams(query)}`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
    return ((await response.json()) as Found<T>).data.result;
  };
  /** Values of a query of PromQL. */
  const figures = async (query: string) => {
    const found = await ask<{ value: [number, string] }>("telemetry-prometheus.http", "/api/v1/query", { query });
    return found.map(({ value }) => Number(value[1]));
  };
  const lines = (query: string) => logStreams(project, query);
  const say = (word: string, trace: string) => fetch(`http://127.0.0.1:${port(project, "talker.http")}/say?word=${word}&trace=${trace}`);
  const driverOf = async (part: string) => (await inspect(project, part)).HostConfig.LogConfig?.Type;
  const container = (part: string) => daemon.getContainer(`${project.prefix}-${part}`);

  beforeAll(async () => {
    project = tempProject("tl");
    project.topology(topology);
    await up(project);
  });
  afterAll(() => discard(project));

  test("every check is green", async () => {
    const output = await verifies(project);
    for (const row of ["metrics", "rules", "logs", "dashboards"]) expect(output).toMatch(new RegExp(`ok +telemetry ${row} `));
  });

  test("figures of each system stand under its name, asked for by a user who may do nothing else", async () => {
    expect(await figures('pg_up{job="db"}')).toEqual([1]);
    expect(await figures('pg_stat_database_xact_commit{job="db",datname="app"} > 0')).toHaveLength(1);
    expect(await figures('pg_database_size_bytes{job="db",datname="app"} > 0')).toHaveLength(1);
    expect(await figures('redis_up{job="cache"}')).toEqual([1]);
    expect(await figures('gnatsd_varz_connections{job="bus"}')).toHaveLength(1);
    const connection = await bus(project);
    await connection.request("orders.new", "unread", { timeout: 3000 });
    await connection.close();
    await until("the message that nobody takes", 30, async () => {
      const [pending = 0] = await figures('jetstream_consumer_num_pending{job="bus",stream_name="ORDERS",consumer_name="WORKER"}');
      return pending >= 1;
    });
    expect(await figures('up{job="api",instance="api"}')).toEqual([1]);
    expect(await figures('probe_success{job="talker",instance="talker"}')).toEqual([1]);
  });

  test("whoever watches may read no data", async () => {
    await expect(sql(project, "SELECT 1", { database: "app", role: "monitor" })).rejects.toThrow(/permission denied for database/);
    expect(
      await sql(project, "SELECT count(*) > 0 AS some FROM pg_stat_activity WHERE query IS NOT NULL", { database: "postgres", role: "monitor" }),
    ).toEqual([{ some: true }]);
    await expect(sql(project, "CREATE TABLE mine ()", { database: "postgres", role: "monitor" })).rejects.toThrow(/permission denied/);
    await withCache(project, (cache) => cache.set("kept", "secret"));
    const watcher = createClient({
      username: "monitor",
      password: credentials(project)["cache-monitor-password"] ?? "",
      socket: { host: "127.0.0.1", port: port(project, "cache.redis"), reconnectStrategy: false },
    });
    watcher.on("error", () => {});
    await watcher.connect();
    try {
      expect(await watcher.sendCommand(["INFO", "server"])).toContain("redis_version");
      for (const command of [
        ["GET", "kept"],
        ["KEYS", "*"],
        ["SET", "kept", "x"],
        ["FLUSHALL"],
        ["CONFIG", "SET", "maxmemory", "1"],
        ["ACL", "LIST"],
      ]) {
        await expect(watcher.sendCommand(command), command.join(" ")).rejects.toThrow(/NOPERM/);
      }
    } finally {
      watcher.destroy();
    }
  });

  test("a line that a service prints is found under its name, with its level and its trace", async () => {
    const [word, trace] = ["grapefruit", "0af7651916cd43dd8448eb211c80319c"];
    await say(word, trace);
    const [found] = await until("the line", 30, async () => {
      const streams = await lines(`{service_name="talker"} | trace_id="${trace}" |= "${word}"`);
      return streams.length > 0 && streams;
    });
    expect(found?.stream).toMatchObject({ service_name: "talker", container_name: "talker", detected_level: "warn", trace_id: trace });
    expect(JSON.parse(found?.values[0]?.[1] ?? "{}")).toMatchObject({ message: word });
    // What was printed before the collector was there is found as well.
    await until(
      "the first line of the cache",
      60,
      async () => (await lines('{service_name="cache"} |~ "(?i)server initialized|ready to accept"')).length > 0,
    );
    // Each under its own name, although all come by the same way.
    const names = (await lines('{service_name=~".+"}')).map(({ stream }) => `${stream.service_name} ${stream.container_name}`);
    expect(names).toContain("db db");
    for (const name of names) expect(name).not.toMatch(/^(db|talker|api|bus|cache) (?!\1)/);
  });

  test("a second up leaves everything as it runs", async () => {
    const all = await servers(project);
    expect(all).toContain("telemetry-prometheus");
    const before = await lives(project, all);
    await up(project);
    expect(await lives(project, all)).toEqual(before);
  });

  test("a component that stops is an alert, and the receiver is told, also when it is back", async () => {
    await container("api").stop();
    const state = async (alert: string) => {
      const { data } = (await (await fetch(`http://127.0.0.1:${port(project, "telemetry-prometheus.http")}/api/v1/alerts`)).json()) as {
        data: { alerts: { state: string; labels: Record<string, string> }[] };
      };
      return data.alerts.find(({ labels }) => labels.alertname === alert && labels.component === "api")?.state;
    };
    expect(await until("the alert", 40, () => state("ComponentDown"))).toBe("pending");
    await until("the alert fires", 90, async () => (await state("ComponentDown")) === "firing");
    const told = (words: string) => until(words, 60, async () => (await lines(`{service_name="talker"} |= "${words}"`)).length > 0);
    await told("firing ComponentDown api");
    await container("api").start();
    await told("resolved ComponentDown api");
  });

  test("without the collector nothing is slow; lines go through again when it is back", async () => {
    await container("telemetry-collector").stop();
    for (let count = 0; count < 50; count++) await say("lost", "");
    const began = Date.now();
    await container("talker").restart();
    expect(Date.now() - began).toBeLessThan(8000);
    await until("the service is back", 20, async () => (await say("during", "")).ok);
    await container("telemetry-collector").start();
    await until("a line after the gap", 60, async () => {
      await say("afterwards", "");
      return (await lines('{service_name="talker"} |= "afterwards"')).length > 0;
    });
    await until("a line from the gap", 60, async () => (await lines('{service_name="talker"} |= "during"')).length > 0);
  });

  test("containers of the stack itself keep their logs, and no password is in a label or an argument", async () => {
    for (const part of ["telemetry-collector", "telemetry-loki"]) expect(await driverOf(part)).toBe("json-file");
    expect(await driverOf("talker")).toBe("fluentd");
    const secrets = Object.values(credentials(project));
    for (const part of await servers(project)) {
      const { Config, Args, Path } = await inspect(project, part);
      const shown = JSON.stringify([Config.Labels, Config.Cmd, Config.Entrypoint, Args, Path]);
      for (const secret of secrets) expect(shown, part).not.toContain(secret);
    }
  });
});
