import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { shownPlan } from "../../../src/preview/plan.ts";
import { failureOf, planOfProgram } from "./program.ts";

// Each records a program in a process of its own.
const patience = { timeout: 60_000 };

describe("a program that cannot be recorded", () => {
  test("two resources of one name are refused by both parents", patience, async () => {
    const failure = await failureOf(`
      new RandomPassword("same", { length: 8 }, { parent: new Group("left") });
      new RandomPassword("same", { length: 8 }, { parent: new Group("right") });`);
    expect(failure).toContain('two resources have the same name: random:index/randomPassword:RandomPassword "same"');
    expect(failure).toContain("one below left, one below right");
  });

  test("a resource that was made without stack traces is refused by its type, its name and its component", patience, async () => {
    const failure = await failureOf(`
      const db = new Group("db");
      for (const length of [8, 9]) quietly(() => new RandomPassword("db-app-password", { length }, { parent: db }));`);
    expect(failure).toContain('random:index/randomPassword:RandomPassword "db-app-password", one below db');
  });

  test("the same name below another type of parent is no clash", patience, async () => {
    const plan = await planOfProgram(`
      new RandomPassword("same", { length: 8 }, { parent: new Group("left") });
      new RandomPassword("same", { length: 8 });`);
    expect(plan.resources.filter(({ name }) => name === "same")).toHaveLength(2);
  });

  test.each([
    ["an invoke", `return { zones: await pulumi.runtime.invoke("aws:index/getZones:getZones", {}) };`, "invoke"],
    ["reading what exists", `return { value: RandomPassword.get("old", "an-id").result };`, "reading of existing resources"],
  ])("%s is refused with the reason", patience, async (_, body, what) => {
    expect(await failureOf(body)).toContain(`a plan needs no ${what}: zones, accounts and image ids are configuration`);
  });

  test.each([
    ["an error", "const order = undefined;\nreturn { id: order.id };", "TypeError: Cannot read properties of undefined (reading 'id')"],
    ["a rejected promise", 'await Promise.reject(new Error("no such file: prices.json"));', "Error: no such file: prices.json"],
  ])("%s is told in its first lines, without a stack trace and without colours", patience, async (_, body, reason) => {
    const failure = await failureOf(body);
    expect(failure.split("\n")).toEqual([expect.stringContaining("main.js' failed with an unhandled exception:"), reason]);
  });

  test.each([
    ["by itself", {}],
    ["over a connection", { GROUNDPLAN_STACK_TRACES: "1" }],
  ])("one that ends its own process is told what it must not do, and is no plan of what there was: recorded %s", patience, async (_, environment) => {
    const failure = await failureOf('new RandomPassword("one", { length: 8 });\nsetTimeout(() => process.exit(0), 1500);', environment);
    expect(failure).toBe("the program ended before everything was registered; it must not end the process itself, as process.exit() does");
  });

  test("a message for a person is told as it is", patience, async () => {
    expect(await failureOf('throw new pulumi.RunError("the stack file\\n  names no image");')).toBe("the stack file\n  names no image");
  });
});

describe("what a recorded program asked for", () => {
  test("is kept whole when it has a copy of the SDK that is not ours", patience, async () => {
    const plan = await planOfProgram(`new RandomPassword("first", { length: 8 }, { parent: new Group("group") });`, { ownSdk: true });
    expect(plan.resources.map(({ name }) => name).toSorted()).toEqual(["first", "group", "small-dev"]);
  });

  test("is not what the program changes afterwards", patience, async () => {
    const plan = await planOfProgram(`
      const ignoreChanges = ["length"];
      const first = new RandomPassword("first", { length: 8 }, { ignoreChanges });
      first.result.apply(() => ignoreChanges.push("later"));`);
    expect(plan.resources.find(({ name }) => name === "first")?.ignoreChanges).toEqual(["length"]);
  });

  test("is kept whole: parents, protection, dependencies, timeouts", patience, async () => {
    const plan = await planOfProgram(`
      const first = new RandomPassword("first", { length: 8 }, { protect: true });
      const options = { parent: new Group("group"), dependsOn: [first], deleteBeforeReplace: true, replaceOnChanges: ["init"], ignoreChanges: ["labels"] };
      new Container("second", { image: "x", name: "x", command: [first.result] }, { ...options, customTimeouts: { create: "3m", update: "4m", delete: "5m" } });`);
    const urnOf = (name: string) => plan.resources.find((resource) => resource.name === name)?.urn;
    expect(plan.resources.map(({ name }) => name).toSorted()).toEqual(["first", "group", "second", "small-dev"]);
    expect(plan.resources.find(({ name }) => name === "first")).toMatchObject({ protect: true, custom: true, parent: urnOf("small-dev") });
    expect(plan.resources.find(({ name }) => name === "second")).toMatchObject({
      protect: false,
      parent: urnOf("group"),
      dependencies: [urnOf("first")],
      propertyDependencies: { command: [urnOf("first")], image: [] },
      deleteBeforeReplace: true,
      replaceOnChanges: ["init"],
      ignoreChanges: ["labels"],
      createTimeout: "3m",
      updateTimeout: "4m",
      deleteTimeout: "5m",
      secretInputs: ["command[0]"],
    });
  });

  test("a credential is a token, and shown by its name alone", patience, async () => {
    const plan = await planOfProgram(`
      const key = new RandomPassword("key", { length: 8 });
      new Container("app", { image: "x", name: "x", envs: [pulumi.interpolate\`URL=amqp://app:\${key.result}@bus\`] });
      return { key: key.result };`);
    const [credential] = plan.credentials;
    expect(credential).toMatchObject({ name: "key", value: expect.stringMatching(/^gptoken[0-9a-f]{25}$/) });
    const shown = shownPlan(plan);
    expect(shown.resources.find(({ name }) => name === "app")?.inputs.envs).toEqual(["URL=amqp://app:[key]@bus"]);
    expect(shown.outputs).toEqual({ key: "[key]" });
    expect(JSON.stringify(shown)).not.toContain(credential?.value);
  });

  test("a secret that the user brought is hidden whole, wherever it stands", patience, async () => {
    const plan = await planOfProgram(`
      const brought = pulumi.secret("hunter[2]");
      new Group("group", { nested: { deep: [brought] } });
      new Container("app", { image: "x", name: "x", envs: ["A=1", pulumi.interpolate\`B=\${brought}\`], labels: [{ label: "l", value: brought }], memory: pulumi.secret(4242) });
      return { brought, list: ["open", brought] };`);
    const shown = shownPlan(plan);
    expect(shown.outputs).toEqual({ brought: "[secret]", list: ["open", "[secret]"] });
    expect(shown.resources.find(({ name }) => name === "app")).toMatchObject({
      inputs: { envs: ["A=1", "B=[secret]"], labels: [{ label: "l", value: "[secret]" }], memory: "[secret]" },
      outputs: { envs: ["A=1", "B=[secret]"] },
    });
    expect(JSON.stringify(shown)).not.toMatch(/hunter|4242/);
  });
});

describe("a command that is asked to end while it records", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("by %s to itself alone takes the program with it", patience, async (signal) => {
    const root = mkdtempSync(join(tmpdir(), "groundplan-endless-"));
    try {
      const recorder = pathToFileURL(resolve(import.meta.dirname, "..", "..", "..", "src", "preview", "recorder.ts")).href;
      symlinkSync(resolve(import.meta.dirname, "..", "..", "..", "node_modules"), join(root, "node_modules"));
      writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
      writeFileSync(
        join(root, "main.js"),
        'export default async () => {\nconsole.log("recorded " + process.pid);\nawait new Promise((r) => setTimeout(r, 60_000));\n};\n',
      );
      const options = JSON.stringify({ root, main: "main.js", project: "small", stack: "dev", config: {} });
      writeFileSync(join(root, "command.js"), `import { record } from ${JSON.stringify(recorder)};\nawait record(${options});\n`);
      const command = spawn(process.execPath, ["--no-warnings", join(root, "command.js")], { stdio: ["ignore", "ignore", "pipe"] });
      const ended = once(command, "exit");
      let said = "";
      command.stderr.on("data", (data: Buffer) => {
        said += data;
      });
      const pid = () => Number(/recorded (\d+)/.exec(said)?.[1]);
      await vi.waitUntil(pid, { timeout: 30_000, interval: 50 });
      command.kill(signal);
      expect(await ended).toEqual([null, signal]);
      await vi.waitUntil(() => !isAlive(pid()), { timeout: 5000, interval: 50 });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
