import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeEngine } from "../support/engine-tier.ts";
import { type SomebodyElses, somebodyElsesDatabase, theirPassword } from "../support/somebody-elses.ts";
import { discard, inspect, servers } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

describeEngine("a database that is not of the stack, with the pulumi engine", () => {
  let stack: TempProject;
  let database: SomebodyElses | undefined;
  const up = (environment: Record<string, string>) => stack.run(["up", "dev", "--engine", "pulumi"], environment);

  beforeAll(async () => {
    stack = tempProject("ethere");
    database = await somebodyElsesDatabase(stack);
  });
  afterAll(async () => {
    await database?.remove();
    await discard(stack);
  });

  test("its password is asked for before anything is made", async () => {
    const { code, output } = await up({});
    expect(code, output).toBe(3);
    expect(output).toContain("export SHOP_PASSWORD");
    expect(await servers(stack)).toEqual([]);
  });

  test("is used by who is bound to it, and no part of it is made; a second up changes nothing", async () => {
    const first = await up({ SHOP_PASSWORD: theirPassword });
    expect(first.code, first.output).toBe(0);
    expect((await servers(stack)).toSorted()).toEqual(["api", "web"]);
    // Its health check has asked the database.
    expect((await inspect(stack, "api")).State.Health?.Status).toBe("healthy");
    const second = await up({ SHOP_PASSWORD: theirPassword });
    expect(second.output).toMatch(/\n\d+ unchanged$/);
    expect(first.output + second.output).not.toContain(theirPassword);
  });

  test("its password is in no file that is kept, but encrypted", () => {
    const kept = readdirSync(stack.state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = kept.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
    expect(texts.some((text) => text.includes('"ciphertext"'))).toBe(true);
    expect(texts.filter((text) => [theirPassword, encodeURIComponent(theirPassword)].some((secret) => text.includes(secret)))).toEqual([]);
  });

  test("stays when the stack goes", async () => {
    const { code, output } = await stack.run(["down", "dev", "--volumes"]);
    expect(code, output).toBe(0);
    expect((await database?.container.inspect())?.State.Running).toBe(true);
  });
});
