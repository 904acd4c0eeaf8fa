import { beforeAll, expect, test } from "vitest";
import { renderManifests } from "../../src/preview/render/manifests.ts";
import { shippedPlan } from "../support/shipped.ts";

let lines: string[];
beforeAll(async () => {
  const { files } = renderManifests(await shippedPlan("staging"), "staging");
  const script = files.find(({ path }) => path === "apply.sh")?.content ?? "";
  lines = script.split("\n").map((line) => line.replace(/-[0-9a-f]{10}\b/g, ""));
});

const at = (start: string) => {
  const found = lines.findIndex((line) => line.startsWith(start));
  expect(found, start).toBeGreaterThan(0);
  return found;
};
const inOrder = (...starts: string[]) => {
  const found = starts.map(at);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
};

test("what is installed comes first, then the namespace and its rules, then components, servers before clients", () => {
  inOrder("begin install", "definitions gateway-api", "release istiod", "begin stack", "begin secrets", "begin postgres", "begin temporal");
  inOrder("begin temporal", "begin guard-codex", "begin guard-api", "begin gateway", "programmed gateway", "begin telemetry");
});

test("within a component what must have ended or be ready comes before what needs it, each waited for", () => {
  inOrder("job_done temporal-version ", "job_done temporal-schema ", "ready deployment/temporal ", "ready deployment/temporal-worker ");
  inOrder("ready deployment/temporal-worker ", "job_done temporal-namespace ");
  inOrder("ready statefulset/redis-sentinel ", "ready statefulset/redis-node ", "ready deployment/redis ");
  inOrder("ready statefulset/postgres ", "job_done postgres-databases ");
});

test("nothing of a later step is applied with an earlier one", () => {
  const applied = lines.slice(at("begin temporal"), at("job_done temporal-version ")).filter((line) => line.startsWith("apply temporal"));
  expect(applied).toEqual([expect.stringMatching(/ in \(temporal-version(,temporal-ui)?\)'$/)]);
});
