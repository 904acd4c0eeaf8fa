import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { describeDocker } from "../support/docker-tier.ts";
import { containers, credentials, discard, ran, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** Plain Docker Compose, as on a machine that has never seen this library. */
async function compose(folder: string, ...args: string[]) {
  const foreign = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GROUNDPLAN_")));
  const { exitCode, all } = await execa("docker", ["compose", ...args], {
    cwd: folder,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 200_000,
    extendEnv: false,
    env: foreign,
  });
  return { code: exitCode, output: all };
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

interface Service {
  healthcheck?: unknown;
  entrypoint?: readonly string[];
  readonly depends_on?: Record<string, { condition: string }>;
}

describeDocker("a rendered folder", () => {
  let project: TempProject;
  let copy: string;

  beforeAll(async () => {
    project = tempProject("ir");
    await ran(project, ["render", "dev", "--output", "out"]);
    copy = mkdtempSync(join(tmpdir(), "elsewhere-"));
    cpSync(join(project.root, "out"), copy, { recursive: true });
  });
  afterAll(async () => {
    await discard(project);
    rmSync(copy, { recursive: true, force: true });
  });

  test("keeps its secrets in .env, for its owner alone", () => {
    const folder = join(project.root, "out");
    expect(modeOf(folder)).toBe("700");
    expect(modeOf(join(folder, ".env"))).toBe("600");
    const values = Object.values(credentials(project));
    expect(values.length).toBeGreaterThan(3);
    const holding = filesOf(folder).filter((file) => values.some((value) => readFileSync(file, "utf8").includes(value)));
    expect(holding.map((file) => relative(folder, file))).toEqual([".env"]);
  });

  test("starts with plain docker compose, and verify finds everything as planned", async () => {
    const up = await compose(copy, "up", "--wait");
    expect(up.code, up.output).toBe(0);
    await verifies(project, "--folder", copy);
    const down = await compose(copy, "--profile", "verify", "down", "--volumes");
    expect(down.code, down.output).toBe(0);
    expect(await containers(project)).toEqual([]);
  });

  test("does not come up without the gate of the database", async () => {
    const file = join(copy, "compose.yaml");
    const document = parse(readFileSync(file, "utf8")) as { services: Record<string, Service> };
    const name = `${project.prefix}-db`;
    const db = document.services[name];
    if (!db) throw new Error(`no service ${name}`);
    // A server that takes its time; with its health check and the conditions on it, all would wait.
    delete db.healthcheck;
    db.entrypoint = ["sleep", "60"];
    for (const { depends_on } of Object.values(document.services)) {
      if (depends_on?.[name]) depends_on[name] = { condition: "service_started" };
    }
    writeFileSync(file, stringify(document, { lineWidth: 0 }));
    const { code, output } = await compose(copy, "up", "--wait");
    expect(code).not.toBe(0);
    expect(output).toMatch(new RegExp(`${name}-databases.*(exit|didn't complete)`));
    const api = (await containers(project)).find(({ component, role }) => component === "api" && role === "server");
    expect(api?.state ?? "created").toBe("created");
  });
});
