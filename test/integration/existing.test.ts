import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { thisMachine } from "../../src/core/existing.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { type SomebodyElses, somebodyElsesDatabase, theirPassword } from "../support/somebody-elses.ts";
import { discard, inspect, ran, servers, up } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

describeDocker("a database of this machine that is not of the stack", () => {
  let stack: TempProject;
  let database: SomebodyElses | undefined;

  beforeAll(async () => {
    stack = tempProject("there");
    database = await somebodyElsesDatabase(stack);
  });
  afterAll(async () => {
    await database?.remove();
    await discard(stack);
  });

  test("its password is asked for before anything is made", async () => {
    const output = await ran(stack, ["up", "dev", "--engine", "compose"], 3);
    expect(output).toContain("export SHOP_PASSWORD");
  });

  test("is reached by who is bound to it and by nobody else, and no part of it is made", async () => {
    process.env.SHOP_PASSWORD = theirPassword;
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
    const port = database?.port;
    const reaches = async (part: string) => (await within(part, "pg_isready", "-U", "shop", "-t", "3", "-h", address, "-p", String(port))).stdout;
    expect(await reaches("api")).toBe(`${address}:${port} - accepting connections`);
    expect(await reaches("web")).toBe(`${address}:${port} - no response`);
  });
});
