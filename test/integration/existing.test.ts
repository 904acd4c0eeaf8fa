import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { thisMachine } from "../../src/core/existing.ts";
import { imageReference } from "../../src/core/images.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { daemon, discard, inspect, ran, servers, up } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const image = imageReference({ table: "postgres:16" }, mirror ? { mirror } : {});
const asked = `psql "$DATABASE_URL" -tAc 'SELECT current_user' | grep -qx shop`;

describeDocker("a database of this machine that is not of the stack", () => {
  let stack: TempProject;
  let database: Awaited<ReturnType<typeof daemon.createContainer>> | undefined;
  let port = 0;

  beforeAll(async () => {
    stack = tempProject("there");
    database = await daemon.createContainer({
      Image: image,
      name: `${stack.prefix}-somebody-elses`,
      Env: ["POSTGRES_USER=shop", "POSTGRES_PASSWORD=s/e:cret", "POSTGRES_DB=orders"],
      HostConfig: { PublishAllPorts: true, Tmpfs: { "/var/lib/postgresql/data": "rw" } },
    });
    await database.start();
    const { NetworkSettings } = await database.inspect();
    port = Number(NetworkSettings.Ports["5432/tcp"]?.[0]?.HostPort);
    const service = (name: string, health: string, bindings: string) =>
      `new AppService("${name}", { platform, image: "docker.io/library/postgres:16.15-alpine", command: ["sleep", "2147483647"], ports: { http: 8000 },
         health: exec(["sh", "-c", ${JSON.stringify(health)}], { startSeconds: 30 }), bindings: ${bindings} });`;
    stack.topology(`const db = new PostgresDb("db", { platform, databases: { app: { owner: "shop" } } });
      ${service("api", asked, "{ DATABASE: db.databases.app }")}
      ${service("web", "true", "{}")}
      return {};`);
    const databases = { app: { database: "orders", password: { env: "SHOP_PASSWORD" } } };
    stack.settings({ components: { db: { existing: { host: thisMachine, port, tls: false, databases } } } });
  });
  afterAll(async () => {
    await database?.remove({ force: true, v: true });
    await discard(stack);
  });

  test("its password is asked for before anything is made", async () => {
    const output = await ran(stack, ["up", "dev", "--engine", "compose"], 3);
    expect(output).toContain("export SHOP_PASSWORD");
  });

  test("is reached by who is bound to it and by nobody else, and no part of it is made", async () => {
    process.env.SHOP_PASSWORD = "s/e:cret";
    try {
      await up(stack);
    } finally {
      delete process.env.SHOP_PASSWORD;
    }
    // Who only looks need not have its password.
    expect(await ran(stack, ["status", "dev"])).toContain(
      "not compared: files and passwords, because a password of a system elsewhere is not at hand here",
    );
    expect(await ran(stack, ["connections", "dev", "--show-secrets"])).toMatch(/db +app +postgres .*\[not known here\]/);
    expect((await servers(stack)).toSorted()).toEqual(["api", "web"]);
    // Its health check has asked the database already.
    expect((await inspect(stack, "api")).State.Health?.Status).toBe("healthy");
    const within = (part: string, ...command: string[]) =>
      execa("docker", ["exec", `${stack.prefix}-${part}`, ...command], { reject: false, timeout: 20_000 });
    // The name is one of the bound service alone; the other one is told the address.
    const [address = ""] = (await within("api", "grep", thisMachine, "/etc/hosts")).stdout.split(/\s/);
    const reaches = async (part: string) => (await within(part, "pg_isready", "-U", "shop", "-t", "3", "-h", address, "-p", String(port))).stdout;
    expect(await reaches("api")).toBe(`${address}:${port} - accepting connections`);
    expect(await reaches("web")).toBe(`${address}:${port} - no response`);
  });
});
