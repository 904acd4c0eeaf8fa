import { afterAll, beforeAll, expect, test } from "vitest";
import { sql, withStreams } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { containers, discard, existing, inspect, lives, ran, remains, unnamedVolumes, up, upArgs } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

interface Shape {
  readonly retention?: string;
  readonly maxDeliver: number;
  readonly grants: string;
  /** Further streams, databases and services. */
  readonly streams?: string;
  readonly databases?: string;
  readonly services?: string;
}

const topology = ({ retention = "limits", maxDeliver, grants, streams = "", databases = "", services = "" }: Shape) => `
  const db = new PostgresDb("db", { platform, databases: { app: { grants: ${grants} }, ${databases} } });
  const bus = new NatsCluster("bus", {
    platform,
    streams: { ORDERS: { subjects: ["orders.>"], retention: "${retention}", consumers: { WORKER: { maxDeliver: ${maxDeliver} } } }, ${streams} },
  });
  const cache = new RedisCache("cache", { platform });
  const service = { platform, ports: { http: 8000 }, health: http("/health") };
  new AppService("api", { ...service, bindings: { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection } });
  ${services}
  return {};`;

const first = { maxDeliver: 5, grants: '{ reporter: "read" }' };
const initSql = "CREATE TABLE lines (word text); INSERT INTO lines VALUES ('from initSql');";
const grown = {
  ...first,
  maxDeliver: 7,
  streams: '"PAYMENTS": { subjects: ["payments.>"], consumers: { BILLER: {} } }',
  databases: `reports: { extensions: ["pgcrypto"], grants: { viewer: "read" }, initSql: "${initSql}" }`,
  services: 'new AppService("biller", { ...service, bindings: { DATABASE: db.databases.reports, NATS: bus.connection } });',
};
const locked = { ...grown, grants: "{}" };

const consumer = (project: TempProject, stream: string, name: string) =>
  withStreams(project, async (streams) => (await streams.jetstreamManager()).consumers.info(stream, name));

describeDocker("changes of a running stack", () => {
  const standing = ["api", "bus-0", "cache", "db"];
  let project: TempProject;
  let lived: Record<string, string>;
  let born: string;

  beforeAll(async () => {
    project = tempProject("ic");
    project.topology(topology(first));
    await up(project);
    lived = await lives(project, standing);
    born = (await consumer(project, "ORDERS", "WORKER")).created;
    expect(await sql(project, "SELECT current_user AS me", { role: "reporter" })).toEqual([{ me: "reporter" }]);
    project.topology(topology(grown));
    await up(project);
  });
  afterAll(() => discard(project));

  test("what is new is there", async () => {
    expect((await consumer(project, "PAYMENTS", "BILLER")).config.filter_subject ?? "").toBe("");
    const reports = { database: "reports" };
    expect(await sql(project, "SELECT word FROM lines", reports)).toEqual([{ word: "from initSql" }]);
    expect(await sql(project, "SELECT extname FROM pg_extension WHERE extname = 'pgcrypto'", reports)).toHaveLength(1);
    const viewer = { database: "reports", role: "viewer" };
    expect(await sql(project, "SELECT word FROM lines", viewer)).toHaveLength(1);
    await expect(sql(project, "INSERT INTO lines VALUES ('not allowed')", viewer)).rejects.toThrow("permission denied");
    expect((await inspect(project, "biller")).State.Health?.Status).toBe("healthy");
  });

  test("what is changed is changed in place", async () => {
    const { config, created } = await consumer(project, "ORDERS", "WORKER");
    expect(config.max_deliver).toBe(7);
    expect(created).toEqual(born);
  });

  test("everything else runs on", async () => {
    expect(await lives(project, standing)).toEqual(lived);
  });

  test("a role that is taken out can no longer log in", async () => {
    const reporter = { role: "reporter" };
    const [{ rolcanlogin } = { rolcanlogin: undefined }] = await sql<{ rolcanlogin: boolean }>(
      project,
      "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'reporter'",
    );
    expect(rolcanlogin).toBe(true);
    project.topology(topology(locked));
    await up(project);
    await expect(sql(project, "SELECT 1", reporter)).rejects.toThrow("is not permitted to log in");
    expect(await lives(project, standing)).toEqual(lived);
  });

  test("a change that a stream cannot make fails, with the reason from the job's log", async () => {
    project.topology(topology({ ...locked, retention: "workqueue" }));
    const refusal = await ran(project, upArgs, 2);
    expect(refusal).toContain(`${project.prefix}-bus-streams  exited with code 1`);
    expect(refusal).toContain("stream ORDERS exists and cannot become what is declared");
    expect(await lives(project, standing)).toEqual(lived);
    const servers = (await containers(project)).filter(({ role }) => role === "server");
    expect(servers.filter(({ state }) => state !== "running")).toEqual([]);
  });

  test("a system that is taken out leaves its data and nothing else", async () => {
    const before = (await remains(project.prefix)).filter((what) => what.includes(`${project.prefix}-db`));
    expect(before.length).toBeGreaterThan(5);
    const unnamed = await unnamedVolumes(project);
    project.topology(`
      new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"] } } });
      new RedisCache("cache", { platform });
      return {};`);
    await up(project);
    const after = (await remains(project.prefix)).filter((what) => /-(db|api|biller)\b/.test(what) && !what.startsWith("image "));
    expect(after).toEqual([`volume ${project.prefix}-db-data`]);
    const mounted = await unnamedVolumes(project);
    expect(await existing(unnamed.filter((volume) => !mounted.includes(volume)))).toEqual([]);
    expect(await lives(project, ["bus-0", "cache"])).toEqual({ "bus-0": lived["bus-0"], cache: lived.cache });
  });
});
