import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { connect } from "@nats-io/transport-node";
import { execa } from "execa";
import pg from "pg";
import { createClient } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../support/clients.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { endsWithCode } from "../support/error-code.ts";
import { credentials, daemon, discard, port, ran, until, up } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const isolation = "iv";
const command = resolve(import.meta.dirname, "..", "..", "bin", "groundplan.js");

interface Status {
  readonly asPlanned: boolean;
  readonly parts: readonly { readonly part: string; readonly state: string; readonly ok: boolean; readonly drift: readonly string[] }[];
}

describeDocker("verbs on a starter that runs", () => {
  let project: TempProject;
  const started = (args: readonly string[], input = "") =>
    execa(process.execPath, [command, ...args], {
      cwd: project.root,
      reject: false,
      input,
      timeout: 60_000,
      env: { GROUNDPLAN_ISOLATION: isolation, NO_COLOR: "1" },
    });
  const status = async (code: number) => JSON.parse(await ran(project, ["status", "--json"], code)) as Status;
  const odd = ({ parts }: Status) => parts.filter(({ ok }) => !ok);

  beforeAll(async () => {
    project = tempProject(isolation);
    await up(project);
  });
  afterAll(() => discard(project));

  test("status finds everything as planned, and tells a container that was killed", async () => {
    const before = await status(0);
    expect(odd(before)).toEqual([]);
    expect(before.parts.map(({ part, state }) => `${part} ${state}`)).toEqual(
      expect.arrayContaining(["api healthy", "bus-0 healthy", "db-databases done", "db-data kept (postgres-16)"]),
    );
    const cache = daemon.getContainer(`${project.prefix}-cache`);
    await cache.kill();
    const text = await ran(project, ["status"], 1);
    expect(text).toMatch(/! +cache +cache +exited with code 137/);
    expect(text).toContain("not: cache (exited with code 137)");
    await cache.start();
    await until("the cache is healthy again", 60, async () => (await cache.inspect()).State.Health?.Status === "healthy");
  });

  test("status tells what differs when the plan has changed, and changes nothing", async () => {
    const { Id } = await daemon.getContainer(`${project.prefix}-db`).inspect();
    project.settings({
      images: { api: "registry.example/shop/api:2.0.0" },
      components: { db: { memoryMiB: 640 }, bus: { maxPayloadKiB: 2048 } },
    });
    const changed = odd(await status(1));
    project.settings({});
    const drift = Object.fromEntries(changed.map(({ part, drift }) => [part, drift.join("; ")]));
    expect(drift.api).toMatch(/image \S+-api:[0-9a-f]+, planned \S+shop\/api:2\.0\.0/);
    expect(drift.db).toContain("memory in MiB 512, planned 640");
    expect(drift["bus-0"]).toContain("files");
    expect(Object.keys(drift)).not.toContain("cache");
    expect((await daemon.getContainer(`${project.prefix}-db`).inspect()).Id).toBe(Id);
  });

  test("logs are in the order of time, and -f goes on through a restart, with passwords hidden", async () => {
    const all = await ran(project, ["logs", "db", "--timestamps"]);
    const moments = all.split("\n").flatMap((line) => /\| (\d{4}-\S+Z) /.exec(line)?.[1] ?? []);
    expect(moments.length).toBeGreaterThan(3);
    expect(moments).toEqual(moments.toSorted());
    expect(all).toMatch(/^db +\| /m);
    expect(all).toMatch(/^db-databases \| /m);

    const following = started(["logs", "db", "-f", "--tail", "1"]);
    let shown = "";
    following.stdout?.on("data", (piece: Buffer) => {
      shown += piece.toString();
    });
    await until("the last line", 30, async () => shown.includes("|"));
    const password = credentials(project)["db-app-password"] ?? "";
    const warned = (word: string) => sql(project, `DO $$ BEGIN RAISE WARNING '${word} ${password}'; END $$`);
    await warned("before");
    await daemon.getContainer(`${project.prefix}-db`).restart();
    await until("the database is back", 60, () => warned("after").then(() => true));
    await until("both lines", 20, async () => shown.includes("before [hidden]") && shown.includes("after [hidden]"));
    following.kill("SIGINT");
    await following;
    expect(shown.match(/before \[hidden\]/g)).toHaveLength(1);
  });

  test("exec gives the code of the command, takes stdin, and logs in by itself", async () => {
    expect((await started(["exec", "db", "--", "sh", "-c", "exit 7"])).exitCode).toBe(7);
    const echoed = await started(["exec", "queue", "--part", "queue", "--", "cat"], "one\ntwo");
    expect(echoed.stdout).toBe("one\ntwo");
    const asked = await started(["exec", "db"], "select current_user || '/' || current_database() as who");
    expect(asked.stdout).toContain("app/app");
    const { exitCode, stdout, stderr } = await started(["exec", "db", "--", "nothere"]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("the image has no nothere");
  });

  test("the variables of a service open database, bus and cache from this machine", async () => {
    const file = join(project.root, ".env.local");
    await ran(project, ["connections", "--for", "api", "--show-secrets", "--output", file]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { DATABASE_URL = "", NATS_URL = "", REDIS_URL = "", QUEUE_URL = "" } = parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
    const database = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 3000 });
    await database.connect();
    expect((await database.query("select current_user as who")).rows).toEqual([{ who: "app" }]);
    await database.end();
    const { host, username: user, password: pass } = new URL(NATS_URL);
    const bus = await connect({ servers: host, user, pass, timeout: 3000 });
    expect((await bus.rtt()) >= 0).toBe(true);
    await bus.close();
    const cache = createClient({ url: REDIS_URL, socket: { reconnectStrategy: false } });
    await cache.connect();
    expect(await cache.ping()).toBe("PONG");
    cache.destroy();
    expect((await fetch(QUEUE_URL, { signal: AbortSignal.timeout(3000) })).status).toBeLessThan(500);
  });

  test("no password is shown that was not asked for, and unknown names are told", async () => {
    const outputs = await Promise.all([
      ran(project, ["connections"]),
      ran(project, ["logs", "cache"]),
      ran(project, ["logs", "cach"], 3),
      ran(project, ["exec", "db", "--part", "db-databses", "--", "true"], 3),
      ran(project, ["exec", "cache", "--", "no-such-program"], 2),
    ]);
    for (const password of Object.values(credentials(project))) expect(outputs.join("\n")).not.toContain(password);
    const address = `127\\.0\\.0\\.1:${port(project, "cache.redis")}`;
    expect(outputs[0]).toMatch(new RegExp(`cache +default +redis +cache:6379 +${address} +app +- +\\[hidden\\]`));
    expect(outputs[2]).toContain("did you mean cache?");
    expect(outputs[3]).toContain("did you mean db-databases?");
    expect(outputs[3]).toMatch(endsWithCode("GP511"));
    expect(outputs[4]).toContain("the image has no no-such-program");
    expect(outputs[4]).toMatch(endsWithCode("GP410"));
  });
});
