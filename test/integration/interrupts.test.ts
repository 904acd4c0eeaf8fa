import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { describeDocker } from "../support/docker-tier.ts";
import { endsWithCode } from "../support/error-code.ts";
import { containers, credentials, discard, lives, remains, servers, up, upArgs, verifies } from "../support/stack.ts";
import { started } from "../support/started.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** Data that takes its time to be ready, and a service behind it. */
const topology = `
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings: { DATABASE: db.databases.app } });
  return {};`;

/** A service that starts, and is two minutes away from being called unhealthy. */
const slow = `
  new AppService("slow", {
    platform, image: "docker.io/library/node:24.21.0-alpine", tools: ["wget"], ports: { http: 8000 },
    command: ["node", "-e", "require('http').createServer((_, answer) => answer.writeHead(503).end()).listen(8000)"],
    health: http("/health", { intervalSeconds: 1, timeoutSeconds: 1, retries: 2, startSeconds: 120 }),
  });`;

describeDocker("Ctrl-C during up", () => {
  let project: TempProject;
  let said: { code: number | null; output: string };
  let kept: readonly [Record<string, string>, Record<string, string>];

  const dbRuns = async () => (await containers(project)).some(({ name, state }) => name === `${project.prefix}-db` && state === "running");

  beforeAll(async () => {
    project = tempProject("stop");
    project.topology(topology);
    const command = started(project, upArgs);
    await vi.waitUntil(dbRuns, { timeout: 90_000, interval: 100 });
    command.toGroup("SIGINT");
    said = await command.ended;
    kept = [credentials(project), await lives(project, ["db"])];
  });
  afterAll(() => discard(project));

  test("ends with 130, and says what is there and the two ways on", () => {
    expect(said.code, said.output).toBe(130);
    expect(said.output).toContain(`${project.prefix} was interrupted; data, and what opens it, is kept\n`);
    expect(said.output).toMatch(/^ {2}not ready {2}.*\bapi \(/m);
    expect(said.output).toContain("  go on      groundplan up dev --isolation stop\n  take down  groundplan down dev --isolation stop\n");
    expect(said.output).toMatch(endsWithCode("GP406"));
    expect(said.output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  test("the engine has stopped: what was to come is not made any more", async () => {
    const states = (await containers(project)).map(({ name, state }) => [name.slice(project.prefix.length + 1), state]);
    expect(Object.fromEntries(states)).toMatchObject({ db: "running" });
    expect(Object.fromEntries(states).api ?? "created").toBe("created");
  });

  test("the next up goes on: the same database, the same credentials, nothing twice and nothing left over", async () => {
    await up(project);
    await verifies(project);
    expect([credentials(project), await lives(project, ["db"])]).toEqual(kept);
    expect((await servers(project)).toSorted()).toEqual(["api", "db"]);
    const names = (await remains(project.prefix)).filter((name) => name.startsWith("container"));
    expect(names.filter((name) => !name.startsWith(`container /${project.prefix}-`))).toEqual([]);
  });

  test("SIGTERM of a pipeline, to the command alone, does the same", async () => {
    // What is never healthy keeps the command waiting: the signal comes on the way, however fast the machine is.
    project.topology(`${slow}${topology}`);
    const command = started(project, upArgs);
    const slowRuns = async () => (await containers(project)).some(({ name, state }) => name === `${project.prefix}-slow` && state === "running");
    await vi.waitUntil(slowRuns, { timeout: 90_000, interval: 100 });
    command.toCommand("SIGTERM");
    const { code, output } = await command.ended;
    expect(code, output).toBe(130);
    expect(output).toMatch(/^ {2}not ready {2}.*\bslow \(/m);
    expect(output).toMatch(endsWithCode("GP406"));
    project.topology(topology);
    await up(project);
    await verifies(project);
  });
});
