import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeLine } from "../../../src/cli/exit.ts";
import { endsWithCode } from "../../support/error-code.ts";
import { type TempProject, tempProject } from "../../support/temp-project.ts";

let project: TempProject;
beforeAll(() => {
  project = tempProject("u");
});
afterAll(() => project.remove());

describe("groundplan preview of a program with mistakes", () => {
  test("tells the problems of all components at once, and ends with 3", { timeout: 60_000 }, async () => {
    project.topology(`
      const db = new PostgresDb("db", { platform, databases: { App: {} }, memoryMiB: 1 });
      const bus = new NatsCluster("bus", { platform, replicas: 2 });
      new RedisCache("cache", { platform, maxMemory: 5 });
      new AppService("api", { platform, ports: { http: 99999 }, health: http("/health"), bindings: { DATABASE: db.databases.App, NATS: bus.connection } });
      new AppService("api", { platform, ports: { http: 8000 }, health: http("/health") });
      return {};`);
    project.settings({ components: { dbs: { memoryMiB: 512 } }, images: { valkye: "registry.example/cache:1.0" } });
    const { code, output } = await project.run(["preview", "dev"]);
    project.settings({});
    expect(code).toBe(3);
    const told = [...output.matchAll(/^ {2}(\w+: [\w.]+) = /gm)].map(([, where]) => where);
    expect(told.toSorted()).toEqual([
      "api: name",
      "api: ports.http",
      "bus: replicas",
      "cache: maxMemory",
      "db: databases.App",
      "db: memoryMiB",
      "stack: components.dbs",
      "stack: images.valkye",
    ]);
    expect(output).toMatch(/^8 problems in the plan; nothing was created$/m);
    expect(output.match(/^ {4}rule {2}\S/gm)).toHaveLength(8);
    expect(output.match(/^ {4}fix {3}\S/gm)).toHaveLength(8);
  });

  test("a program that throws is told in its first lines, without a stack trace, and ends with 2", { timeout: 60_000 }, async () => {
    project.topology('throw new TypeError("prices is not iterable");');
    const { code, output } = await project.run(["preview", "dev"]);
    expect(code).toBe(2);
    expect(output.split("\n")).toEqual([
      "the program could not be recorded",
      expect.stringMatching(/^ {2}Running program '.*\/stacks\/main.js' failed with an unhandled exception:$/),
      "  TypeError: prices is not iterable",
      "  run with GROUNDPLAN_DEBUG=1 for the whole message",
      codeLine("GP304"),
    ]);
    expect(output).toMatch(endsWithCode("GP304"));
    const whole = await project.run(["preview", "dev"], { GROUNDPLAN_DEBUG: "1" });
    expect(whole.output).toMatch(/^\s+at topology .*index\.ts:\d+/m);
  });

  test("a program that does not load is told where", { timeout: 60_000 }, async () => {
    project.topology("const = ;");
    const { code, output } = await project.run(["preview", "dev"]);
    expect(code).toBe(2);
    expect(output).toContain("stacks/index.ts");
    expect(output).not.toMatch(/^\s+at /m);
  });
});
