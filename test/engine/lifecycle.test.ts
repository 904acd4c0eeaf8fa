import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bare, describeEngine, passwords, stackOf } from "../support/engine-tier.ts";
import { containers, daemon, discard, lives, ran, remains, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const withStreams = (streams: string) => `
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  const bus = new NatsCluster("bus", { platform, streams: { ${streams} } });
  const cache = new RedisCache("cache", { platform });
  const bindings = { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection };
  const api = new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings, publish: ["http"] });
  return { api: api.external };`;
const orders = 'ORDERS: { subjects: ["orders.>"], consumers: { WORKER: { maxDeliver: 5 } } }';
const standing = ["api", "bus-0", "cache", "db"];

interface Step {
  readonly op: string;
  readonly urn: string;
}

describeEngine("an environment of the pulumi engine", () => {
  let project: TempProject;
  let tracked: string;
  /** Everything that was printed. */
  const told: Record<string, string> = {};
  const tell = async (what: string, args: readonly string[]) => {
    told[what] = await ran(project, args);
    return told[what];
  };

  beforeAll(async () => {
    project = tempProject("e1");
    project.topology(withStreams(orders));
    tracked = readFileSync(join(project.root, "Pulumi.dev.yaml"), "utf8");
    await tell("up", ["up", "dev", "--engine", "pulumi"]);
  });
  afterAll(() => discard(project));

  test("comes up, and every check and path is as planned", async () => {
    expect(told.up).toMatch(/\+ \d+ created$/);
    told.verify = await verifies(project);
  });

  test("a second up changes nothing", async () => {
    expect(await tell("second up", ["up", "dev"])).toMatch(/\n\d+ unchanged$/);
  });

  test("bare pulumi up with the exports of groundplan env changes nothing, and neither does it after a refresh", async () => {
    const up = await bare(project, ["up", "--stack", stackOf(project), "--yes"]);
    expect(up.code, up.output).toBe(0);
    expect(up.output.match(/Resources:\n {4}\d+ unchanged\n/g)).toHaveLength(2);
    const preview = await bare(project, ["preview", "--stack", stackOf(project), "--refresh", "--expect-no-changes"]);
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toMatch(/Resources:\n {4}\d+ unchanged\n/);
    Object.assign(told, { "bare up": up.output, "bare preview": preview.output });
  });

  test("the tracked stack file stays as it was, byte for byte, and nothing else appears beside it", () => {
    expect(readFileSync(join(project.root, "Pulumi.dev.yaml"), "utf8")).toBe(tracked);
    expect(told["bare up"]).not.toContain("encryptionsalt");
  });

  test("no generated value is printed, or stands in a name or label", async () => {
    await tell("preview", ["preview", "dev"]);
    await tell("preview --json", ["preview", "dev", "--json"]);
    const values = Object.entries(await passwords(project));
    expect(values.map(([name]) => name)).toEqual([
      "bus-app-password",
      "bus-system-password",
      "cache-app-password",
      "cache-monitor-password",
      "db-app-password",
      "db-monitor-password",
      "db-postgres-password",
    ]);
    for (const [name, value] of values) expect(value, name).toMatch(/^[A-Za-z0-9]{32}$/);
    const filters = { label: [`io.groundplan.stack=${project.prefix}`] };
    const marks = [
      ...(await containers(project)).map(({ name, labels }) => ({ name, labels })),
      ...(await daemon.listNetworks({ filters })).map(({ Name, Labels }) => ({ Name, Labels })),
      ...((await daemon.listVolumes({ filters })).Volumes ?? []).map(({ Name, Labels }) => ({ Name, Labels })),
    ];
    expect(marks.length).toBeGreaterThan(30);
    const shown = { ...told, marks: JSON.stringify(marks) };
    const leaks = Object.entries(shown).flatMap(([what, text]) =>
      values.filter(([, value]) => text.includes(value)).map(([name]) => `${name} in ${what}`),
    );
    expect(leaks).toEqual([]);
  });

  test("a new stream changes the job that makes it, the check that looks at it and their files, and restarts nothing", async () => {
    const lived = await lives(project, standing);
    project.topology(withStreams(`${orders}, PAYMENTS: { subjects: ["payments.>"] }`));
    const { output } = await bare(project, ["preview", "--stack", stackOf(project), "--json"]);
    const { steps } = JSON.parse(output) as { steps: Step[] };
    const changed = steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op.padEnd(7)} ${urn.split("::").at(-1)}`);
    expect(changed.toSorted()).toEqual([
      "replace bus-check",
      "replace bus-check-carrier",
      "replace bus-check-files",
      "replace bus-streams",
      "replace bus-streams-carrier",
      "replace bus-streams-files",
    ]);
    expect(await ran(project, ["up", "dev"])).toMatch(/\n\+-6 replaced, \d+ unchanged$/);
    expect(await lives(project, standing)).toEqual(lived);
  });

  test("containers that somebody removed come back with up --refresh", async () => {
    const lived = await lives(project, ["api", "bus-0", "db"]);
    await Promise.all(["cache", "bus-streams"].map((part) => daemon.getContainer(`${project.prefix}-${part}`).remove({ force: true, v: true })));
    expect(await ran(project, ["up", "dev", "--refresh"])).toMatch(/\n\+ 2 created, \d+ unchanged$/);
    await verifies(project);
    expect(await lives(project, ["api", "bus-0", "db"])).toEqual(lived);
  });

  test("down --volumes leaves nothing", async () => {
    await ran(project, ["down", "dev", "--volumes"]);
    expect(await remains(project.prefix)).toEqual([]);
  });
});
