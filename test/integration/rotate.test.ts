import { join, resolve } from "node:path";
import { connect } from "@nats-io/transport-node";
import { execa } from "execa";
import pg from "pg";
import { createClient } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messages, sql, withCache, withStreams } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { credentials, discard, lives, port, ran, until, up, upArgs } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const topology = `
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  const bus = new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"] } } });
  const cache = new RedisCache("cache", { platform });
  new AppService("api", {
    platform, image: images.api, ports: { http: 8000 }, health: http("/health"),
    bindings: { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection },
  });
  return {};`;

describeDocker("credentials that are rotated while everything runs", () => {
  let project: TempProject;
  let first: Record<string, string>;

  /** Each logs in by the real protocol with a given password. */
  const logins: Readonly<Record<string, (password: string) => Promise<unknown>>> = {
    async db(password) {
      const client = new pg.Client({ host: "127.0.0.1", port: port(project, "db.sql"), user: "app", database: "app", password });
      await client.connect();
      await client.end();
    },
    async cache(password) {
      const socket = { host: "127.0.0.1", port: port(project, "cache.redis"), connectTimeout: 3000, reconnectStrategy: false as const };
      const client = createClient({ username: "app", password, socket });
      client.on("error", () => {});
      await client.connect();
      client.destroy();
    },
    async bus(password) {
      const connection = await connect({ servers: `127.0.0.1:${port(project, "bus.nats")}`, user: "app", pass: password, timeout: 3000 });
      await connection.close();
    },
  };
  const refusals: Readonly<Record<string, RegExp>> = { db: /password authentication failed/, cache: /WRONGPASS/, bus: /authorization violation/i };

  /** The old password opens nothing, the new one opens the same data. */
  async function changed(component: string) {
    const name = `${component}-app-password`;
    expect(credentials(project)[name]).not.toBe(first[name]);
    await expect(logins[component]?.(first[name] ?? "")).rejects.toThrow(refusals[component]);
    await logins[component]?.(credentials(project)[name] ?? "");
  }

  beforeAll(async () => {
    project = tempProject("iro");
    project.topology(topology);
    await up(project);
    first = credentials(project);
    await sql(project, "CREATE TABLE old (word text)");
    await sql(project, "INSERT INTO old VALUES ('written before')");
    await withCache(project, (cache) => cache.set("old", "set before"));
    await withStreams(project, (streams) => streams.publish("orders.old", "sent before"));
  });
  afterAll(() => discard(project));

  test("a look, a stage that wants to be asked, and what does not run change nothing", async () => {
    const lived = await lives(project, ["db", "cache", "bus-0", "api"]);
    expect(await ran(project, ["rotate", "cache", "--env", "dev", "--dry-run"])).toMatch(/New values: cache-app-password[\s\S]*api +api +restarts/);
    project.settings({
      profile: "staging",
      images: { api: "docker.io/library/alpine:3.22" },
      components: { api: { replicas: 1 }, bus: { replicas: 1 } },
    });
    const refusal = await ran(project, ["rotate", "cache", "--env", "dev"], 2);
    expect(refusal).toContain("nothing was changed: who uses cache is interrupted, and profile staging wants --yes with that");
    project.settings({});
    expect(await ran(project.beside("irn"), ["rotate", "cache", "--env", "dev"], 2)).toContain("is not running (cache)");
    expect(credentials(project)).toEqual(first);
    expect(await lives(project, ["db", "cache", "bus-0", "api"])).toEqual(lived);
  });

  test("one role of a database: the server runs on, its client gets the new password", async () => {
    const lived = await lives(project, ["db", "cache", "bus-0"]);
    const before = await lives(project, ["api"]);
    const told = await ran(project, ["rotate", "db", "--env", "dev", "--only", "app"]);
    expect(told).toMatch(/ok +db by its protocol/);
    expect(told).toMatch(/ok +api by its protocol/);
    await changed("db");
    expect(await lives(project, ["db", "cache", "bus-0"])).toEqual(lived);
    expect(await lives(project, ["api"])).not.toEqual(before);
    expect(credentials(project)).toEqual({ ...first, "db-app-password": credentials(project)["db-app-password"] });
  });

  test("a cache restarts with its data", async () => {
    await ran(project, ["rotate", "cache", "--env", "dev"]);
    await changed("cache");
    expect(await withCache(project, (cache) => cache.get("old"))).toBe("set before");
  });

  test("what was killed halfway is completed by the next up", async () => {
    const bin = resolve(import.meta.dirname, "..", "..", "bin", "groundplan.js");
    const rotating = execa(process.execPath, [bin, "rotate", "bus", "--env", "dev"], {
      cwd: join(project.root),
      reject: false,
      stdio: "ignore",
      detached: true,
      env: { GROUNDPLAN_ISOLATION: "iro" },
    });
    await until("the new password is noted", 60, async () => credentials(project)["bus-app-password"] !== first["bus-app-password"]);
    process.kill(-(rotating.pid ?? 0), "SIGKILL");
    await rotating;
    await ran(project, upArgs);
    await changed("bus");
    expect(await withStreams(project, (streams) => messages(streams, "ORDERS"))).toEqual(["sent before"]);
    expect(await sql(project, "SELECT word FROM old")).toEqual([{ word: "written before" }]);
  });
});
