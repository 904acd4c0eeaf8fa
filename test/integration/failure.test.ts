import { afterAll, beforeAll, expect, test } from "vitest";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { endsWithCode } from "../support/error-code.ts";
import { containers, credentials, discard, inspect, ran, up, upArgs, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const timings = "{ intervalSeconds: 1, timeoutSeconds: 1, retries: 2, startSeconds: 1 }";
const program = "console.log('no licence found'); require('http').createServer((_, r) => r.writeHead(503).end('licence missing')).listen(8000)";

const neverHealthy = (tools: string) => `
  new AppService("api", {
    platform, image: "docker.io/library/node:24.21.0-alpine", command: ["node", "-e", ${JSON.stringify(program)}], tools: ${tools},
    ports: { http: 8000 }, health: http("/health", ${timings}),
  });
  return {};`;

describeDocker("what does not come up", () => {
  const made: TempProject[] = [];
  const project = (isolation: string, topology: string) => {
    const one = tempProject(isolation);
    one.topology(topology);
    made.push(one);
    return one;
  };
  beforeAll(() => {
    made.length = 0;
  });
  afterAll(() => discard(...made));

  test.concurrent("invalid SQL stops everything behind it, with the line of the log that says why", async () => {
    const stack = project(
      "isql",
      `const db = new PostgresDb("db", { platform, databases: { app: { initSql: "CREATE TABEL orders (id int)" } } });
       new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings: { DATABASE: db.databases.app } });
       return {};`,
    );
    const output = await ran(stack, upArgs, 2);
    expect(output).toContain(`${stack.prefix}-db-databases  exited with code 3`);
    expect(output).toMatch(/ERROR: {2}syntax error at or near "TABEL"/);
    expect(output).toMatch(endsWithCode("GP401"));
    for (const value of Object.values(credentials(stack))) expect(output).not.toContain(value);
    const api = (await containers(stack)).find(({ component, role }) => component === "api" && role === "server");
    expect(api?.state ?? "created").toBe("created");
  });

  test.concurrent.each([
    ["inside", '["wget"]'],
    ["beside", "undefined"],
  ])("a service that never gets healthy is shown with its health output and its log; probe %s", async (place, tools) => {
    const stack = project(`i${place}`, neverHealthy(tools));
    const output = await ran(stack, upArgs, 2);
    expect(output).toMatch(new RegExp(`${stack.prefix}-api(-prober)? {2}unhealthy`));
    expect(output).toMatch(/last health output\n.*503/);
    expect(output).toMatch(/last log lines\n\s*no licence found/);
  });

  test("an image without any program of its own, from the mirror, gets a prober", { concurrent: true, skip: !mirror }, async () => {
    const stack = project(
      "iecho",
      `new AppService("echo", { platform, image: "docker.io/groundplan-lab/echo:1", ports: { http: 8080 }, health: http("/health", ${timings}) });
       return {};`,
    );
    await up(stack);
    expect((await inspect(stack, "echo")).State.Health).toBeUndefined();
    expect((await inspect(stack, "echo-prober")).State.Health?.Status).toBe("healthy");
    await verifies(stack);
  });
});
