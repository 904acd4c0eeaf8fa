import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missingPaths } from "../../../src/core/missing-paths.ts";
import type { SystemSpec } from "../../../src/core/system.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "groundplan-mounts-"));
  for (const folder of ["repository", ".groundplan/dev", ".groundplan-notes"]) mkdirSync(join(root, folder), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

const rulesOf = (from: string) => {
  const workload = { image: { table: "node" }, mounts: [{ from, path: "/repository", readOnly: true }] };
  return missingPaths({ name: "codex", workloads: [workload] } as unknown as SystemSpec, root).map(({ rule }) => rule);
};

test.each([".", "..", "repository", ".groundplan-notes"])("a folder that is there may be mounted: %s", (from) => expect(rulesOf(from)).toEqual([]));

test("a folder that is not there is a problem", () => expect(rulesOf("nowhere")).toEqual([expect.stringContaining("an existing folder")]));

test.each([".groundplan", "./.groundplan/dev", "repository/../.groundplan"])("keys and state of the environments are not given away: %s", (from) =>
  expect(rulesOf(from)).toEqual([expect.stringContaining("not below .groundplan")]),
);
