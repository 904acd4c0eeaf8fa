import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bare, describeEngine, passwords, stackOf } from "../support/engine-tier.ts";
import { containers, daemon, discard, lives, port, ran, remains, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const topology = `
  new PostgresDb("db", { platform, databases: { app: {} } });
  new RedisCache("cache", { platform });
  return {};`;
const up = ["up", "dev", "--engine", "pulumi"];
const row = [{ word: "written before" }];

describeEngine("data of an environment of the pulumi engine", () => {
  let project: TempProject;
  let first: Record<string, string>;

  /** One statement over the published port, as the owner with the password that the engine tells. */
  async function sql(text: string, password = first["db-app-password"]) {
    const client = new pg.Client({
      host: "127.0.0.1",
      port: port(project, "db.sql"),
      user: "app",
      database: "app",
      password,
      connectionTimeoutMillis: 3000,
    });
    await client.connect();
    try {
      return (await client.query<{ word: string }>(text)).rows;
    } finally {
      await client.end();
    }
  }
  const words = (password?: string) => sql("SELECT word FROM kept", password);

  /** Everything real that the engine's state holds. */
  async function inState() {
    const { output } = await bare(project, ["stack", "export", "--stack", stackOf(project)]);
    const { deployment } = JSON.parse(output) as { deployment: { resources: { urn: string; type: string; custom: boolean; protect?: boolean }[] } };
    const real = deployment.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    return real.map(({ urn, protect }) => `${protect ? "protected" : "free"} ${urn.split("::").at(-1)}`).toSorted();
  }

  beforeAll(async () => {
    project = tempProject("e2");
    project.topology(topology);
    await ran(project, up);
    first = await passwords(project);
    await sql("CREATE TABLE kept (word text)");
    await sql("INSERT INTO kept VALUES ('written before')");
  });
  afterAll(() => discard(project));

  test("a plain up notices what is missing or stopped, and looks by itself", async () => {
    const lived = await lives(project, ["db"]);
    await daemon.getContainer(`${project.prefix}-cache`).stop();
    await daemon.getContainer(`${project.prefix}-db-databases`).remove({ force: true, v: true });
    expect(await ran(project, ["up", "dev"])).toMatch(/\n\+ 1 created, \+-1 replaced, .*\d+ unchanged$/);
    expect(await lives(project, ["db"])).toEqual(lived);
  });

  test("the other engine is refused while it is up, and told the way across", async () => {
    const lived = await lives(project, ["db", "cache"]);
    const refusal = await ran(project, ["up", "dev", "--engine", "compose"], 3);
    expect(refusal).toContain(`${project.prefix} was started by engine pulumi`);
    expect(refusal).toContain("or cross over: groundplan down dev --isolation e2 --engine pulumi, then up again; data is kept");
    expect(await lives(project, ["db", "cache"])).toEqual(lived);
  });

  test("down leaves exactly the data and the credentials that open it", async () => {
    await ran(project, ["down", "dev"]);
    expect((await remains(project.prefix)).toSorted()).toEqual(["cache-data", "db-data"].map((name) => `volume ${project.prefix}-${name}`));
    expect(await inState()).toEqual(
      ["cache-app-password", "cache-data", "cache-monitor-password", "db-app-password", "db-data", "db-monitor-password", "db-postgres-password"].map(
        (name) => `protected ${name}`,
      ),
    );
  });

  test("the next up opens the same data with the same passwords", async () => {
    await ran(project, ["up", "dev"]);
    expect(await passwords(project)).toEqual(first);
    expect(await words()).toEqual(row);
  });

  test("a rotation makes the passwords anew, keeps the data, and protects both again", async () => {
    const held = await inState();
    const before = await passwords(project);
    const volumes = (await remains(project.prefix)).filter((name) => /volume .*-data$/.test(name));
    expect(await ran(project, ["rotate", "db", "--env", "dev"])).toMatch(/ok +db by its protocol/);
    const now = await passwords(project);
    const changed = Object.keys(now).filter((name) => now[name] !== before[name]);
    expect(changed.toSorted()).toEqual(["db-app-password", "db-monitor-password", "db-postgres-password"]);
    await expect(words(before["db-app-password"])).rejects.toThrow("password authentication failed");
    expect(await words(now["db-app-password"])).toEqual(row);
    expect(await inState()).toEqual(held);
    expect((await remains(project.prefix)).filter((name) => /volume .*-data$/.test(name))).toEqual(volumes);
    first = now;
  });

  test("crossing over and back after down keeps the data", async () => {
    await ran(project, ["down", "dev"]);
    await ran(project, ["up", "dev", "--engine", "compose"]);
    await expect(words()).rejects.toThrow("password authentication failed");
    expect(await ran(project, up, 3)).toContain(`${project.prefix} was started by engine compose`);
    await ran(project, ["down", "dev"]);
    await ran(project, up);
    expect(await passwords(project)).toEqual(first);
    expect(await words()).toEqual(row);
  });

  test("state that is lost after down heals: new passwords open the old data", async () => {
    await ran(project, ["down", "dev"]);
    rmSync(join(project.root, ".groundplan"), { recursive: true });
    await ran(project, up);
    const now = await passwords(project);
    expect(now["db-app-password"]).not.toBe(first["db-app-password"]);
    await expect(words()).rejects.toThrow("password authentication failed");
    expect(await words(now["db-app-password"])).toEqual(row);
    await verifies(project);
  });

  test("state that is lost while containers run is refused before anything is made, and the way out works", async () => {
    const before = await remains(project.prefix);
    rmSync(join(project.root, ".groundplan"), { recursive: true });
    const refusal = await ran(project, up, 3);
    expect(refusal).toContain(`${project.prefix} is up, and .groundplan/${stackOf(project)} does not know it`);
    expect(existsSync(project.state)).toBe(false);
    const wayOut = /groundplan (down dev --isolation \w+), then up again; data is kept/.exec(refusal)?.[1] ?? "";
    // Bare pulumi is refused alike, although its preparation made a new and empty state.
    const { code, output } = await bare(project, ["up", "--stack", stackOf(project), "--yes", "--skip-preview"]);
    expect(code, output).not.toBe(0);
    expect(output).toContain(wayOut);
    expect(await remains(project.prefix)).toEqual(before);
    await ran(project, wayOut.split(" "));
    await ran(project, up);
    expect(await words((await passwords(project))["db-app-password"])).toEqual(row);
  });

  test("down --volumes leaves nothing, and forgets the passwords", async () => {
    await ran(project, ["down", "dev", "--volumes"]);
    expect(await remains(project.prefix)).toEqual([]);
    expect(await containers(project)).toEqual([]);
    expect(existsSync(project.state)).toBe(false);
  });
});
