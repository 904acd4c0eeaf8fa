import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleOf } from "../../../../components/opa-server/bundle.ts";
import { readPolicies } from "../../../../components/opa-server/policies.ts";

const names = ["guard.rego", "guard_test.rego", "b/data.yaml", "b/a.rego", "README.md", ".hidden/x.rego", ".x.rego"];
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "groundplan-policies-"));
  for (const name of names) {
    const file = join(root, "policies", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `content of ${name}`);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("reads what could belong to policies, in the same order on every machine", () => {
  const { folder, files } = readPolicies(root, "policies");
  expect(folder).toBe("policies");
  expect(files.map(({ path }) => path)).toEqual(["b/a.rego", "b/data.yaml", "guard.rego", "guard_test.rego"]);
  expect(files[0]?.content).toBe("content of b/a.rego");
});

test.each(["nowhere", "policies/guard.rego", "", undefined, 7])("finds no folder at %j", (folder) => {
  expect(readPolicies(root, folder).folder).toBeUndefined();
});

test("the policies of GitGuard are a sound bundle", () => {
  const folder = readPolicies(resolve(import.meta.dirname, "..", "..", "..", ".."), "stacks/gitguard/policies");
  const { findings, unread, files } = bundleOf(folder, "repo/guard", [], "/etc/groundplan");
  expect([findings, unread]).toEqual([[], []]);
  const data = files.find(({ path }) => path.endsWith("/data.json"))?.content;
  expect(JSON.parse(String(data))).toMatchObject({ repo: { guard: { settings: { protected_branches: ["main", "release/*"] } } } });
});
