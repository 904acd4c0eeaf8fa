import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { plainLog } from "../../src/platforms/docker/diagnose.ts";
import { messages, sql, withCache, withStreams } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { containers, credentials, daemon, discard, ran, remains, up, upArgs, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** Everything that keeps data, and nothing that waits for it. */
const systems = (version = "16") => `
  const db = new PostgresDb("db", { platform, version: "${version}", databases: { app: {} } });
  new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"] } } });
  new RedisCache("cache", { platform });
  return {};`;

describeDocker("state that is lost while data is kept", () => {
  let project: TempProject;
  let opened: Record<string, string>;

  beforeAll(async () => {
    project = tempProject("ils");
    project.topology(systems());
    await up(project);
    await sql(project, "CREATE TABLE old (word text)");
    await sql(project, "INSERT INTO old VALUES ('written before')");
    await withCache(project, (cache) => cache.set("old", "set before"));
    await withStreams(project, (streams) => streams.publish("orders.old", "sent before"));
  });
  beforeEach(() => {
    opened = credentials(project);
  });
  afterAll(() => discard(project));

  /** The server sets its administrator's password itself, and tells nobody what it is. */
  async function healedItself() {
    const log = plainLog(
      (await daemon.getContainer(`${project.prefix}-db`).logs({ stdout: true, stderr: true, follow: false })) as unknown as Buffer,
    );
    expect(log).toContain("the password of the administrator is set anew");
    for (const [name, value] of Object.entries(credentials(project))) expect(log.includes(value), name).toBe(false);
  }

  /** New credentials, each of which opens what the old ones opened. */
  async function healed() {
    const now = credentials(project);
    expect(Object.keys(now)).toEqual(Object.keys(opened));
    for (const [name, value] of Object.entries(now)) expect(value, name).not.toBe(opened[name]);
    await healedItself();
    expect(await sql(project, "SELECT word FROM old")).toEqual([{ word: "written before" }]);
    expect(await withCache(project, (cache) => cache.get("old"))).toBe("set before");
    expect(await withStreams(project, (streams) => messages(streams, "ORDERS"))).toEqual(["sent before"]);
  }

  test("heals when the containers run on", async () => {
    rmSync(project.state, { recursive: true });
    await up(project);
    await healed();
  });

  test("heals after down", async () => {
    await ran(project, ["down", "dev"]);
    rmSync(project.state, { recursive: true });
    await up(project);
    await healed();
    await verifies(project);
  });

  test("data of another major version is refused before anything starts", async () => {
    await ran(project, ["down", "dev"]);
    project.topology(systems("17"));
    const refusal = await ran(project, upArgs, 3);
    expect(refusal).toContain(`db: volume = "${project.prefix}-db-data"`);
    expect(refusal).toContain("data in format postgres-17; this volume holds postgres-16");
    expect(await containers(project)).toEqual([]);
    expect(credentials(project)).toEqual(opened);
  });
});

describeDocker("a volume of somebody else", () => {
  let project: TempProject;

  beforeAll(() => {
    project = tempProject("ifv");
  });
  afterAll(() => discard(project));

  test("is refused by its name before anything starts", async () => {
    const name = `${project.prefix}-db-data`;
    await daemon.createVolume({ Name: name, Labels: { owner: "somebody else" } });
    try {
      const refusal = await ran(project, upArgs, 3);
      expect(refusal).toContain(`db: volume = "${name}"`);
      expect(refusal).toContain("somebody else's");
      expect(await remains(project.prefix)).toEqual([]);
      expect(existsSync(join(project.state, "credentials.json"))).toBe(false);
    } finally {
      await daemon.getVolume(name).remove();
    }
  });
});
