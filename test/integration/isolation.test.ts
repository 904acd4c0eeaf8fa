import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeDocker } from "../support/docker-tier.ts";
import { containers, discard, port, ran, remains, up, upArgs, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

describeDocker("isolated copies of one project", () => {
  let one: TempProject;
  let two: TempProject;
  let third: TempProject;

  beforeAll(async () => {
    one = tempProject("ia");
    // The name of one begins with that of the other: nothing may be told apart by that.
    two = one.beside("ia-b");
    third = one.beside("ic");
    await Promise.all([up(one), up(two)]);
  });
  afterAll(() => discard(one, two, third));

  test("run side by side", async () => {
    await Promise.all([verifies(one), verifies(two)]);
  });

  test("a port that a process holds is reported with its owner before anything starts", async () => {
    const planned = /postgres:\/\/127\.0\.0\.1:(\d+)/.exec(await ran(third, ["preview", "dev"]))?.[1];
    const listener = createServer().listen(Number(planned), "127.0.0.1");
    await once(listener, "listening");
    try {
      const refusal = await ran(third, upArgs, 3);
      expect(refusal).toContain(`db: ports.db.sql = ${planned}`);
      expect(refusal).toMatch(new RegExp(`${planned} is held by process node.* \\(pid ${process.pid}\\)`));
      expect(await containers(third)).toEqual([]);
    } finally {
      listener.close();
    }
  });

  test("a port that another copy holds is reported with its container", async () => {
    const held = port(one, "cache.redis");
    third.settings({ ports: { "cache.redis": held } });
    try {
      const refusal = await ran(third, upArgs, 3);
      expect(refusal).toContain(`cache: ports.cache.redis = ${held}`);
      expect(refusal).toContain(`${held} is held by container ${one.prefix}-cache`);
      expect(await containers(third)).toEqual([]);
    } finally {
      third.settings({});
    }
  });

  test("down --volumes of one leaves the other as it is", async () => {
    const other = await remains(two.prefix);
    expect(other).toContainEqual(expect.stringMatching(/^image /));
    await ran(one, ["down", "dev", "--volumes"]);
    expect(await remains(one.prefix)).toEqual([]);
    expect(await remains(two.prefix)).toEqual(other);
    await verifies(two);
  });
});
