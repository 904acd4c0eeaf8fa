import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { record } from "../../src/preview/recorder.ts";
import { faults } from "../fixtures/bad-program/faults.ts";
import { repository } from "../support/recorded.ts";

const root = join(repository, "test", "fixtures", "bad-program");
let plan: Plan;

beforeAll(async () => {
  const result = await record({
    root,
    main: "main.js",
    project: "shop",
    stack: "prod",
    config: {},
    // Else the folder of the program would get a cache of its own.
    environment: { NODE_COMPILE_CACHE: join(repository, "node_modules", ".cache", "groundplan") },
  });
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  plan = result.plan;
});

/** Ids in comments of the program; the lists of faults name them as values. */
function commentedIds(): string[] {
  const files = readdirSync(root).filter((file) => file.endsWith(".ts") && !file.startsWith("faults"));
  const comments = files.flatMap((file) => readFileSync(join(root, file), "utf8").match(/\/\/ .*/g) ?? []);
  return comments.flatMap((comment) => comment.match(/\b(docker|kubernetes|istio|aws)-(out-)?\d+\b/g) ?? []);
}

const sorted = (texts: Iterable<string>) => [...new Set(texts)].toSorted();

test("is a program of four grounds, with faults in each", () => {
  const grounds = plan.resources.map(({ type }) => type.split(":")[0]);
  for (const ground of ["docker", "kubernetes", "aws"]) expect(grounds).toContain(ground);
  const areas = Object.groupBy(faults, ({ area }) => area);
  expect(faults.length).toBeGreaterThanOrEqual(60);
  expect(areas.docker?.length).toBeGreaterThanOrEqual(15);
  expect(areas.kubernetes?.length).toBeGreaterThanOrEqual(18);
  expect(areas.istio?.length).toBeGreaterThanOrEqual(8);
  expect(areas.aws?.length).toBeGreaterThanOrEqual(30);
});

test("few faults are out of reach, each with its reason", () => {
  const unreachable = faults.filter((fault) => "outOfReach" in fault);
  expect(unreachable.length).toBeLessThanOrEqual(7);
  for (const fault of faults) expect("outOfReach" in fault ? fault.outOfReach : fault.policy, fault.id).not.toBe("");
  for (const { id, breaks, what } of faults) expect([breaks, what], id).not.toContain("");
});

test("ids are unique, and each stands as a comment in the program", () => {
  const ids = faults.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(sorted(commentedIds())).toEqual(sorted(ids));
});

test("every fault is of one resource of the plan", () => {
  const names = plan.resources.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const missing = faults.flatMap(({ resource, alsoAt }) => [resource, ...alsoAt]).filter((name) => !names.includes(name));
  expect(missing).toEqual([]);
});
