import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { discard, lives, ran, up, upArgs, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const topology = (owner: string, replicas: 1 | 3) => `
  const db = new PostgresDb("db", { platform, databases: { a: { owner: "${owner}" }, b: { owner: "joint" } } });
  const bus = new NatsCluster("bus", { platform, replicas: ${replicas}, streams: { ORDERS: { subjects: ["orders.>"] } } });
  return {};`;

describeDocker("changes that could cost data", () => {
  let project: TempProject;

  beforeAll(async () => {
    project = tempProject("ids");
    project.topology(topology("joint", 1));
    await up(project);
    await sql(project, "CREATE TABLE kept (word text)", { role: "joint", database: "a" });
    await sql(project, "CREATE TABLE kept (word text)", { role: "joint", database: "b" });
  });
  afterAll(() => discard(project));

  test("a new owner gets what is in the database; another database of the old one stays with it", async () => {
    project.topology(topology("solo", 1));
    await up(project);
    await up(project);
    const owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'";
    expect(await sql(project, owner, { role: "solo", database: "a" })).toEqual([{ tableowner: "solo" }]);
    expect(await sql(project, owner, { role: "joint", database: "b" })).toEqual([{ tableowner: "joint" }]);
    await expect(sql(project, "SELECT 1", { role: "joint", database: "a" })).rejects.toThrow(/permission denied for database/);
    await verifies(project);
  });

  test("a single node does not become a cluster on kept data, which would start empty", async () => {
    const before = await lives(project, ["bus-0", "db"]);
    project.topology(topology("solo", 3));
    const output = await ran(project, upArgs, 3);
    expect(output).toMatch(/bus: volume = .*bus-0-data/);
    expect(output).toContain("jetstream-2-cluster");
    expect(await lives(project, ["bus-0", "db"])).toEqual(before);
  });
});
