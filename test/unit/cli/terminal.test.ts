import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { wantsJson } from "../../../src/cli/json.ts";
import { colourVariables } from "../../../src/cli/terminal.ts";

describe("colours", () => {
  test.each<[NodeJS.ProcessEnv, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ CI: "true" }, false, false],
    [{ TERM: "dumb" }, true, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "false" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
  ])("with %j, on a terminal %s: %s", (environment, terminal, coloured) => {
    const { NO_COLOR, FORCE_COLOR } = colourVariables(environment, terminal);
    expect(Boolean(FORCE_COLOR) && !NO_COLOR).toBe(coloured);
    expect(Boolean(FORCE_COLOR) !== Boolean(NO_COLOR)).toBe(true);
  });
});

test("JSON is asked for before -- alone", () => {
  expect(wantsJson(["up", "--json"])).toBe(true);
  expect(wantsJson(["exec", "db", "--", "x", "--json"])).toBe(false);
});

const bin = resolve(import.meta.dirname, "../../../bin/groundplan.js");
const folder = mkdtempSync(join(tmpdir(), "groundplan-terminal-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nmain: none.js\n");
writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  groundplan:stack: { topology: shop, target: docker, profile: dev }\n");
writeFileSync(
  join(folder, "Pulumi.bad.yaml"),
  "config:\n  groundplan:stack: { topology: shop, target: docker, profile: dev, mirror: 'http://no way' }\n",
);
writeFileSync(join(folder, "plan.json"), JSON.stringify({ version: 1, project: "shop", stack: "dev", resources: [] }));

/** The environment of a machine of continuous integration, where libraries colour what nobody looks at. */
const inCi = { PATH: process.env.PATH, HOME: folder, CI: "true", GITHUB_ACTIONS: "true", TERM: "xterm-256color" };
const run = (args: readonly string[], env: NodeJS.ProcessEnv = inCi) =>
  execa(process.execPath, [bin, ...args], { cwd: folder, reject: false, stdin: "ignore", extendEnv: false, env });

const control = "\u001b";
const quick = [
  ["--help"],
  ["--version"],
  ["up", "--help"],
  ["config"],
  ["config", "bad"],
  ["graph", "--plan", "plan.json"],
  ["graph", "--plan", "none.json"],
  ["preview"],
  ["completion", "bash"],
  ["nonsense"],
];

describe("without a terminal", () => {
  test.each(quick.map((args) => [args.join(" "), args] as const))("groundplan %s has no control characters", async (_, args) => {
    const { stdout, stderr } = await run(args);
    expect(stdout + stderr).not.toBe("");
    expect(stdout + stderr).not.toContain(control);
  });

  test("FORCE_COLOR has colours all the same", async () => {
    expect((await run(["config"], { ...inCi, FORCE_COLOR: "1" })).stdout).toContain(control);
  });
});

const script = ["/usr/bin/script", "/bin/script"].find(existsSync);
describe.skipIf(!script || process.platform !== "linux")("on a terminal", () => {
  const onTerminal = (env: NodeJS.ProcessEnv) =>
    execa(script ?? "", ["-qec", `"${process.execPath}" "${bin}" config`, "/dev/null"], {
      cwd: folder,
      stdin: "ignore",
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: folder, TERM: "xterm", SHELL: "/bin/sh", ...env },
    });
  test("there are colours", async () => expect((await onTerminal({})).stdout).toContain(control));
  test("with NO_COLOR there are none", async () => expect((await onTerminal({ NO_COLOR: "1" })).stdout).not.toContain(control));
});

describe("--json", () => {
  test.each([
    ["config bad --json", 3, "GP310"],
    ["config none --json", 3, "GP323"],
    ["preview --json", 2, "GP304"],
    ["config --jsn --json", 2, "GP504"],
    ["graph --plan none.json --json", 3, "GP310"],
  ])("of %s is one value with the error", async (line, code, id) => {
    const { stdout, exitCode } = await run(line.split(" "));
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: id } });
  });

  test("of what went well is one value", async () => {
    const { stdout, stderr } = await run(["config", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ project: "shop", environment: "dev", stack: "shop-dev" });
    expect(stderr).toBe("");
  });

  test("lists problems, without their values where these could be secrets", async () => {
    const env = { ...inCi, GROUNDPLAN_SECRETTOKENS: "hunter2" };
    const { stdout } = await run(["config", "--json"], env);
    expect((JSON.parse(stdout) as { error: { problems: { path: string }[] } }).error.problems[0]?.path).toBe("GROUNDPLAN_SECRETTOKENS");
    expect(stdout).not.toContain("hunter2");
  });
});

test("a verb that does not exist is answered with the nearest", async () => {
  const { stderr, exitCode } = await run(["prevew"]);
  expect(stderr).toContain("Did you mean preview?");
  expect(exitCode).toBe(2);
});

test("an error has its stack with GROUNDPLAN_DEBUG alone", async () => {
  expect((await run(["config", "none"])).stderr).not.toMatch(/\n\s+at /);
  expect((await run(["config", "none"], { ...inCi, GROUNDPLAN_DEBUG: "1" })).stderr).toMatch(/\n\s+at /);
});

/** What `| head -1` does: it reads a little and closes. */
test("nobody who reads on is no error", async () => {
  const child = spawn(process.execPath, [bin, "config", "--json"], { cwd: folder, env: inCi, stdio: ["ignore", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => {
    complaints += data.toString();
  });
  child.stdout.destroy();
  const code = await new Promise((end) => child.on("close", end));
  expect({ code, complaints }).toEqual({ code: 0, complaints: "" });
});

test("Ctrl-C ends with 130, as a shell counts", async () => {
  // It waits for an answer that never comes.
  writeFileSync(join(folder, "none.js"), "setTimeout(() => {}, 8000);\n");
  const child = spawn("/bin/sh", ["-c", `"${process.execPath}" "${bin}" preview & pid=$!; sleep 2; kill -INT $pid; wait $pid`], {
    cwd: folder,
    env: inCi,
  });
  const code = await new Promise((end) => child.on("close", end));
  rmSync(join(folder, "none.js"));
  expect(code).toBe(130);
});
