import { afterAll, beforeAll, expect, test } from "vitest";
import { bare, describeEngine, stackOf } from "../support/engine-tier.ts";
import { containers, discard, ran, remains } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const probe = 'http("/health", { intervalSeconds: 1, timeoutSeconds: 1, retries: 1, startSeconds: 0 })';
const program = "echo reading /etc/licence; echo no licence found; exec sleep 600";
const failing = `
  const db = new PostgresDb("db", { platform, databases: { app: { initSql: "CREATE TABEL orders (id int)" } } });
  new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings: { DATABASE: db.databases.app } });
  new AppService("sick", {
    platform, image: "docker.io/library/alpine:3.22", tools: ["wget"], ports: { http: 8000 }, health: ${probe}, command: ["sh", "-c", ${JSON.stringify(program)}],
  });
  return {};`;

describeEngine("what does not come up with the pulumi engine", () => {
  let project: TempProject;
  let output: string;

  beforeAll(async () => {
    project = tempProject("e3");
    project.topology(failing);
    output = await ran(project, ["up", "dev", "--engine", "pulumi"], 2);
  });
  afterAll(() => discard(project));

  const roles = async () => Object.fromEntries((await containers(project)).map(({ name, state }) => [name.slice(project.prefix.length + 1), state]));

  test("a job that fails is shown with its exit code and the line of its log that says why", () => {
    expect(output).toContain(`${project.prefix}-db-databases  exited with code 3\n    last log lines\n`);
    expect(output).toMatch(/ERROR: {2}syntax error at or near "TABEL"/);
    expect(output).toContain("db: job db-databases ended with exit code 3");
  });

  test("everything behind it stops: what waits for the job is not even made", async () => {
    const made = await roles();
    expect(made).toMatchObject({ db: "running", "db-databases": "exited" });
    expect(Object.keys(made).filter((name) => name.startsWith("api"))).toEqual([]);
  });

  test("a service that never gets healthy is shown with its last health output and its last log lines", () => {
    expect(output).toContain(
      [
        `  ${project.prefix}-sick  unhealthy`,
        "    last health output",
        "      wget: can't connect to remote host (127.0.0.1): Connection refused",
        "    last log lines",
        "      reading /etc/licence",
        "      no licence found",
      ].join("\n"),
    );
  });

  test("nothing but this is said: no stack trace, no word of what went well", () => {
    const said = output.slice(output.indexOf("did not come up"));
    expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(said).not.toMatch(/Building your image|Resources:|Duration:|\bcreated\b/);
  });

  test("a plan with a problem makes nothing, not even with bare pulumi", async () => {
    await ran(project, ["down", "dev", "--volumes"]);
    project.topology('new RedisCache("cache", { platform }); new PostgresDb("db", { platform, databases: { App: {} } }); return {};');
    const { code, output: said } = await bare(project, ["up", "--stack", stackOf(project), "--yes", "--skip-preview"]);
    expect(code, said).not.toBe(0);
    expect(said).toContain('db: databases.App = "App"');
    expect(await remains(project.prefix)).toEqual([]);
  });
});
