import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messages, sql, withCache, withStreams } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { daemon, discard, lives, ran, remains, servers, until, up, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** Volumes that nobody named and nobody mounts: what a container leaves behind when it is removed without them. */
async function anonymousVolumes(): Promise<string[]> {
  const { Volumes } = await daemon.listVolumes({ filters: { dangling: ["true"] } });
  return (Volumes ?? []).map(({ Name }) => Name).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

describeDocker("life of the starter", () => {
  let project: TempProject;
  let before: readonly string[];

  beforeAll(async () => {
    before = await anonymousVolumes();
    project = tempProject("il");
    await up(project);
  });
  afterAll(() => discard(project));

  test("verify says that everything is as planned", async () => {
    const report = await verifies(project);
    const rows = report.split("\n").filter((line) => /^ {2}ok /.test(line));
    expect(rows.map((row) => row.trim().split(/ {2,}/)[1])).toEqual([
      "api",
      "queue",
      "bus-0",
      "db",
      "cache",
      "api by its protocol",
      "queue by its protocol",
      "bus by its protocol",
      "db by its protocol",
      "cache by its protocol",
    ]);
    expect(report).toMatch(/connections by name tried: \d+ open, \d+ closed, all as bound/);
  });

  test("a second up restarts nothing", async () => {
    const parts = await servers(project);
    expect(parts.toSorted()).toEqual(["api", "bus-0", "cache", "db", "queue"]);
    const lived = await lives(project, parts);
    await up(project);
    expect(await lives(project, parts)).toEqual(lived);
  });

  test("down keeps data and the credentials that open it", async () => {
    await sql(project, "CREATE TABLE kept (word text)");
    await sql(project, "INSERT INTO kept VALUES ('in postgres')");
    await withCache(project, (cache) => cache.set("kept", "in the cache"));
    await withStreams(project, (streams) => streams.publish("orders.kept", "in the stream"));
    const file = join(project.state, "credentials.json");
    const opened = readFileSync(file, "utf8");

    await ran(project, ["down", "dev"]);
    const rest = (await remains(project.prefix)).filter((what) => !what.startsWith("image "));
    expect(rest).toEqual(["bus-0-data", "cache-data", "db-data", "queue-data"].map((name) => `volume ${project.prefix}-${name}`));
    await up(project);

    expect(readFileSync(file, "utf8")).toBe(opened);
    expect(await sql(project, "SELECT word FROM kept")).toEqual([{ word: "in postgres" }]);
    expect(await withCache(project, (cache) => cache.get("kept"))).toBe("in the cache");
    expect(await withStreams(project, (streams) => messages(streams, "ORDERS"))).toEqual(["in the stream"]);
  });

  test("down --volumes leaves nothing", async () => {
    await ran(project, ["down", "dev", "--volumes"]);
    expect(await remains(project.prefix)).toEqual([]);
    expect(existsSync(project.state)).toBe(false);
    // Another stack on this machine may be on its way down at the same time: its volumes are gone in a moment.
    await until("no new anonymous volumes", 30, async () => (await anonymousVolumes()).every((name) => before.includes(name)));
  });
});
