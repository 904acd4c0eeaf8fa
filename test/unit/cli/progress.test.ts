import { expect, test } from "vitest";
import { complaintsIn } from "../../../src/cli/commands/up-failed.ts";
import { failedLines, type Part } from "../../../src/cli/part-standing.ts";
import { type Ending, lineByLine } from "../../../src/cli/progress.ts";
import type { StackContainer } from "../../../src/platforms/docker/daemon.ts";

const part = (name: string, role = "server"): Part => ({
  resource: { urn: name, name, dependencies: [] } as unknown as Part["resource"],
  inputs: {
    name,
    image: "",
    labels: [],
    mustRun: role === "job" ? false : undefined,
    healthcheck: role === "job" ? undefined : {},
  } as unknown as Part["inputs"],
  component: name,
  role,
});
const container = (name: string, state: string, more: Partial<StackContainer> = {}) => ({ id: name, name, state, ...more }) as StackContainer;
const healthy = { health: "healthy" };

const parts = [part("db"), part("seed", "job"), part("bus"), part("api"), part("web")];

test("of a start that failed, what failed has a line, and all others are in one", () => {
  const now = [
    container("db", "running", healthy),
    container("seed", "exited", { exitCode: 3 }),
    container("bus", "running", { health: "starting" }),
    container("api", "created"),
  ];
  expect(failedLines(parts, now)).toEqual(["✖ seed  ended with code 3", "  1 not ready: bus (starting)", "  2 not started: api, web"]);
});

test.each(["running", "restarting"])("a server that is %s and not healthy has failed", (state) => {
  expect(failedLines([part("db")], [container("db", state, { health: "unhealthy" })])).toEqual(["✖ db  unhealthy"]);
});

/** What is printed when the engine ends so, with a database that was there before, and an API that came now. */
async function printed(ending: Ending): Promise<string[]> {
  const lines: string[] = [];
  const before = [container("db", "running", healthy)];
  const now = [...before, container("api", "running", healthy)];
  await lineByLine((line) => lines.push(line))({ parts: [part("db"), part("api"), part("web")], before, now, ending });
  return lines.map((line) => line.replace(/\d+\.\d s/, "N s"));
}

test("what was ready before is told when everything went well", async () => {
  expect(await printed("done")).toEqual(["✔ db  ready before", "✔ api  ready  N s", "  1 not started: web"]);
  expect(await printed("failed")).toEqual(["✔ api  ready  N s", "  1 not started: web"]);
});

test("an engine that did nothing has nothing to tell of parts that were there before", async () => {
  expect(await printed("refused")).not.toContain("✔ db  ready before");
  expect((await printed("refused")).join()).not.toContain("not started");
});

test("warnings of the engine are left out beside an error", () => {
  const warnings = [
    'time="2026-11-29T08:00:00Z" level=warning msg="no version"',
    " api Warning pull access denied",
    "warning: a default is used",
    "WARN[0000] orphans",
  ];
  const error = "Error response from daemon: pull access denied";
  expect(complaintsIn([...warnings, error].join("\n"))).toEqual([error]);
  expect(complaintsIn(warnings.join("\n"))).toEqual(warnings);
});
