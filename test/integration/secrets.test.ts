import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainLog } from "../../src/platforms/docker/diagnose.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { containers, credentials, daemon, discard, inspect, ran, upArgs } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const topology = (initSql: string) => `
  const db = new PostgresDb("db", { platform, databases: { app: { grants: { viewer: "read" }, initSql: "${initSql}" } } });
  const bus = new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"] } } });
  const cache = new RedisCache("cache", { platform });
  const bindings = { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection };
  const api = new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings, publish: ["http"] });
  return { api: api.external };`;

/** How a value may look in a text: as it is, in a URL, and in Base64 wherever it begins in it. */
function shapesOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const whole = Buffer.from(" ".repeat(before) + value).toString("base64");
    // The first and last letters also hold bits of what stands beside it.
    return whole.slice(before === 0 ? 0 : before + 1, Math.floor(((before + value.length) * 8) / 6));
  });
  return [value, encodeURIComponent(value), ...inBase64, ...inBase64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))];
}

describeDocker("generated secrets", () => {
  let project: TempProject;
  const told: Record<string, string> = {};

  beforeAll(async () => {
    project = tempProject("is");
    project.topology(topology("CREATE TABLE orders (id int)"));
    told.up = await ran(project, upArgs);
    told.verify = await ran(project, ["verify", "dev"]);
    project.topology(topology("CREATE TABEL orders (id int)"));
    told["failing up"] = await ran(project, upArgs, 2);
    const looks = [
      ["preview", "dev"],
      ["preview", "dev", "--json"],
      ["config", "dev"],
    ];
    const seen = await Promise.all(looks.map((args) => ran(project, args)));
    for (const [index, output] of seen.entries()) told[looks[index]?.join(" ") ?? ""] = output;
  });
  afterAll(() => discard(project));

  /** Names of the credentials that a text holds. */
  const foundIn = (text: string) =>
    Object.entries(credentials(project))
      .filter(([, value]) => shapesOf(value).some((shape) => text.includes(shape)))
      .map(([name]) => name);

  test("are found where they are meant to be, so that the search can be trusted", async () => {
    const { Config } = await inspect(project, "api");
    expect(foundIn(Config.Env.join("\n"))).toEqual(["bus-app-password", "cache-app-password", "db-app-password"]);
    const [[name, value] = ["", ""]] = Object.entries(credentials(project));
    for (const hidden of [`app:${value}`, `a:${value}@`]) expect(foundIn(Buffer.from(hidden).toString("base64"))).toEqual([name]);
  });

  test("are in nothing that the command prints", () => {
    expect(Object.entries(told).flatMap(([command, output]) => foundIn(output).map((name) => `${name} in ${command}`))).toEqual([]);
  });

  test("are in nothing that the daemon tells but the environment of a container", async () => {
    const filters = { label: [`io.groundplan.stack=${project.prefix}`] };
    const all = await containers(project);
    const inspected = await Promise.all(all.map(({ id }) => daemon.getContainer(id).inspect()));
    const images = await Promise.all([...new Set(inspected.map(({ Image }) => Image))].map((id) => daemon.getImage(id).inspect()));
    const withoutEnv = inspected.map((info) => ({ ...info, Config: { ...info.Config, Env: [] } }));
    const others = [...(await daemon.listNetworks({ filters })), ...((await daemon.listVolumes({ filters })).Volumes ?? []), ...images];
    expect(others.length).toBeGreaterThan(10);
    expect([...withoutEnv, ...others].flatMap((info) => foundIn(JSON.stringify(info)))).toEqual([]);
  });

  test("are in no log", async () => {
    for (const { id, name } of await containers(project)) {
      const log = await daemon.getContainer(id).logs({ stdout: true, stderr: true, follow: false });
      expect(foundIn(plainLog(log as unknown as Buffer)), name).toEqual([]);
    }
  });

  test("are kept in two files that only their owner reads", () => {
    const files = readdirSync(project.state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const holding = files.filter((file) => foundIn(readFileSync(file, "latin1")).length > 0);
    expect(holding.map((file) => relative(project.state, file)).toSorted()).toEqual(["compose/.env", "credentials.json"]);
    for (const file of holding) expect((statSync(file).mode & 0o777).toString(8), file).toBe("600");
    for (const folder of [project.state, join(project.state, "compose")]) expect((statSync(folder).mode & 0o777).toString(8), folder).toBe("700");
  });
});
