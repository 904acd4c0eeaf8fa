import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bare, describeEngine, passwords, stackOf } from "../support/engine-tier.ts";
import { endsWithCode } from "../support/error-code.ts";
import { containers, discard, ran, remains, servers, verifies } from "../support/stack.ts";
import { started } from "../support/started.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const topology = `
  const cache = new RedisCache("cache", { platform });
  new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings: { REDIS: cache.connection } });
  return {};`;

describeEngine("a run of the engine that does not get to its end", () => {
  let project: TempProject;
  const up = ["up", "dev", "--engine", "pulumi"] as const;
  const made = async () => (await containers(project)).some(({ role }) => role === "server");
  const locks = async () => (await bare(project, ["up", "--stack", stackOf(project), "--yes", "--skip-preview"])).output;

  beforeAll(() => {
    project = tempProject("halt");
    project.topology(topology);
  });
  afterAll(() => discard(project));

  test("Ctrl-C: the engine finishes what it has begun, gives its lock back, and the next up goes on", async () => {
    const command = started(project, up);
    await vi.waitUntil(made, { timeout: 90_000, interval: 100 });
    command.toGroup("SIGINT");
    const { code, output } = await command.ended;
    expect(code, output).toBe(130);
    expect(output).toContain(`${project.prefix} was interrupted; data, and what opens it, is kept\n`);
    expect(output).toMatch(endsWithCode("GP406"));
    const known = JSON.parse((await bare(project, ["stack", "export", "--stack", stackOf(project)])).output) as {
      deployment: { resources: { id?: string }[] };
    };
    const ids = known.deployment.resources.map(({ id }) => id);
    for (const { id } of await containers(project)) expect(ids).toContain(id);
    await ran(project, up);
    await verifies(project);
    expect((await servers(project)).toSorted()).toEqual(["api", "cache"]);
  });

  test("killed: the next up says whose lock it is, and after pulumi cancel it makes what was half made anew", async () => {
    const before = await passwords(project);
    await ran(project, ["down", "dev"]);
    const command = started(project, up);
    await vi.waitUntil(made, { timeout: 90_000, interval: 100 });
    const pids = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
    const [, pid = ""] = new RegExp(`^ *(\\d+) pulumi up .*--stack ${stackOf(project)} `, "m").exec(pids) ?? [];
    expect(pid, "the process of the engine").not.toBe("");
    process.kill(Number(pid), "SIGKILL");
    expect((await command.ended).code).toBe(2);
    const refused = await ran(project, up, 2);
    expect(refused).toContain(`is locked by `);
    expect(refused).toContain(`process ${pid}, since`);
    expect(refused).toContain(`That process is gone, and left its lock behind`);
    expect(refused).toMatch(endsWithCode("GP205"));
    expect(await locks()).toContain("the stack is currently locked by 1 lock(s)");
    await bare(project, ["cancel", "--yes", "--stack", stackOf(project)]);
    expect(await ran(project, up)).toMatch(/^removed what a run that was ended had begun, and its state does not know: .*container \S+-cache/m);
    await verifies(project);
    expect(await passwords(project)).toEqual(before);
    const names = (await remains(project.prefix)).filter((name) => name.startsWith("container"));
    expect(new Set(names).size).toBe(names.length);
  });
});
