import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bare, describeEngine, stackOf } from "../support/engine-tier.ts";
import { containers, discard, inspect, ran, remains, verifies } from "../support/stack.ts";
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

/** Marks of a resource in the state that the engine has still to deal with. */
interface Held {
  readonly urn: string;
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
  readonly initErrors?: readonly string[];
}

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

const cache = (policy: string, options = "{}") => `new RedisCache("cache", { platform, maxMemoryPolicy: "${policy}" }, ${options}); return {};`;
/** In place of the server something that never answers. */
const asleep = '{ ...props, command: ["sleep", "600"], waitTimeout: 5 }';
const sleeping = `{ transformations: [({ type, name, props, opts }) => name === "cache" && type.endsWith(":Container") ? { props: ${asleep}, opts } : undefined] }`;

describeEngine("the way back from what did not come up", () => {
  let project: TempProject;
  let before: readonly string[];
  const policy = async () =>
    (await execa("docker", ["exec", `${project.prefix}-cache`, "grep", "maxmemory-policy", "/etc/groundplan/valkey.conf"])).stdout;
  const mounted = async () => (await inspect(project, "cache")).Mounts.map(({ Name = "" }) => Name).toSorted();

  beforeAll(async () => {
    project = tempProject("e4");
    project.topology(cache("noeviction"));
    await ran(project, ["up", "dev", "--engine", "pulumi"]);
    before = [...(await remains(project.prefix)), ...(await mounted())];
    project.topology(cache("allkeys-lru", sleeping));
    expect(await ran(project, ["up", "dev"], 2)).toContain("container failed to be in healthy state");
    expect(await policy()).toBe("maxmemory-policy allkeys-lru");
    project.topology(cache("noeviction"));
  });
  afterAll(() => discard(project));

  test("the files of before are there again, under the name that they had, and nothing else is left", async () => {
    await ran(project, ["up", "dev"]);
    await verifies(project);
    expect(await policy()).toBe("maxmemory-policy noeviction");
    expect([...(await remains(project.prefix)), ...(await mounted())]).toEqual(before);
  });

  test("the state waits for nothing, and the next up changes nothing", async () => {
    const { output } = await bare(project, ["stack", "export", "--stack", stackOf(project)]);
    const { deployment } = JSON.parse(output) as { deployment: { resources: Held[]; pending_operations?: unknown[] } };
    const unsettled = deployment.resources.filter((held) => held.delete || held.pendingReplacement || held.initErrors);
    expect(unsettled.map(({ urn }) => urn)).toEqual([]);
    expect(deployment.pending_operations ?? []).toEqual([]);
    expect(await ran(project, ["up", "dev"])).toMatch(/\n\d+ unchanged$/);
  });
});
