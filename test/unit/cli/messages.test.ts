import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { doctorText } from "../../../src/cli/commands/doctor.ts";
import { exportLines } from "../../../src/cli/commands/env.ts";
import { grouped, wrapped } from "../../../src/cli/commands/preview.ts";
import { mirrorCheck } from "../../../src/cli/doctor/mirror.ts";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { endsWithCode } from "../../support/error-code.ts";

const bin = resolve(import.meta.dirname, "../../../bin/groundplan.js");
const folder = mkdtempSync(join(tmpdir(), "groundplan-messages-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nmain: none.js\n");
writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  groundplan:stack: { topology: shop, target: docker, profile: dev }\n");
writeFileSync(join(folder, "Pulumi.broken.yaml"), "config:\n  groundplan:stack:\n    topology: [a\n    password: hunter2: x\n");
writeFileSync(join(folder, "plan.json"), JSON.stringify({ version: 1, project: "shop", stack: "dev", resources: [] }));
mkdirSync(join(folder, "empty"));

const run = (line: string, { env = {}, input = "" } = {}) =>
  execa(process.execPath, [bin, ...line.split(" ")], {
    cwd: folder,
    reject: false,
    input,
    extendEnv: false,
    env: { PATH: "/usr/bin:/bin", HOME: folder, ...env },
  });

describe("the command says", () => {
  test.each<[string, number, ErrorCode, RegExp]>([
    ["doctor nosuch", 3, "GP323", /an environment of this project: broken, dev/],
    ["config broken", 3, "GP324", /Pulumi\.broken\.yaml:4:\d+ = "password: …"\n\s+rule\s+valid YAML; the parser says: \S.* end with a \]/],
    ["graph --plan plan.json --component api", 3, "GP511", /component = "api"/],
    ["graph --plan empty", 3, "GP310", /this is a folder\n.*--json > plan\.json/],
    ["graph --plan none.json", 3, "GP310", /there is nothing of this name/],
    ["graph --plan -", 3, "GP310", /this is no JSON\n.*--json \| groundplan graph --plan -/],
    ["graph --plan plan.json --output empty", 2, "GP503", /empty could not be written: this is a folder/],
    ["env", 2, "GP104", /Pulumi CLI, which is not on PATH(?![\s\S]*--engine compose)/],
  ])("of %s, with %i and %s, what is wrong", async (line, code, id, words) => {
    const { stderr, exitCode } = await run(line, { input: "{" });
    expect(exitCode, stderr).toBe(code);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(endsWithCode(id));
    expect(stderr).not.toContain("hunter2");
    // Once: the last line has it.
    expect(stderr).not.toMatch(/^ +code /m);
  });

  test.each([
    ["nowhere", /nowhere is not there\n.*groundplan render dev --output/],
    ["empty", /empty holds no compose\.yaml/],
  ])("of the folder %s to verify that nothing was rendered there", async (rendered, words) => {
    const { stderr, exitCode } = await run(`verify --folder ${rendered}`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(endsWithCode("GP512"));
  });

  test("whose an environment is before whether Pulumi is there", async () => {
    const state = join(folder, ".groundplan", "dev");
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, "engine"), "compose\n");
    const { stderr } = await run("env");
    rmSync(state, { recursive: true });
    expect(stderr).toMatch(endsWithCode("GP201"));
  });

  test("which options must be there, all exit codes, and how data is deleted", async () => {
    for (const verb of ["retire", "rotate"]) expect((await run(`${verb} --help`)).stdout).toMatch(/--env[^-]*\(required\)/);
    const { stdout } = await run("--help");
    expect(stdout).toMatch(/Exit codes: [\s\S]*130/);
    expect(stdout.replace(/\s+/g, " ")).toContain("--volumes deletes these too");
  });
});

test("exports leave the PATH of the shell as it is, and end with what comes next", () => {
  const lines = exportLines({ root: "/it's", stack: "dev-two" }, { A: "x y", PATH: "/frozen" });
  expect(lines).toEqual(["export A='x y'", `export PATH='/it'\\''s/node_modules/.bin':"$PATH"`, "# then: pulumi up --stack dev-two"]);
});

test("a count of one is singular", () => {
  const finding = { id: "x", title: "X", found: "y", fix: "z" } as const;
  expect(doctorText([{ ...finding, state: "problem" }])).toMatch(/1 problem, 0 warnings$/);
});

test("without settings the mirror is the one of the variable", async () => {
  process.env.GROUNDPLAN_IMAGE_MIRROR = "127.0.0.1:9";
  const verdict = await mirrorCheck.look({ env: "dev", engine: "compose", needsDocker: true });
  delete process.env.GROUNDPLAN_IMAGE_MIRROR;
  expect(verdict.found).toContain("127.0.0.1:9 does not answer");
});

test("lines of a list fit the terminal", () => {
  const lines = wrapped("a capability: what it is here, in more words than a line has", 24);
  expect(lines.every((line) => line.length <= 24)).toBe(true);
  expect(lines.map((line) => line.trim()).join(" ")).toBe("a capability: what it is here, in more words than a line has");
  expect(lines.slice(1).every((line) => line.startsWith("    "))).toBe(true);
});

test("what is said of several components is said once", () => {
  const tasks = "its tasks may go to port 443 everywhere";
  const said = [`db: images from docker.io: ${tasks}`, "aws: mirror is not set", `bus: images from quay.io, docker.io: ${tasks}`, "db: other"];
  expect(grouped(said)).toEqual([`db, bus: images from docker.io, quay.io: ${tasks}`, "aws: mirror is not set", "db: other"]);
});
