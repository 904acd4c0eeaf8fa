import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { bundleOf } from "../../../components/opa-server/bundle.ts";
import { type PolicyFile, readPolicies } from "../../../components/opa-server/policies.ts";
import { checkPolicies } from "../../../src/cli/policy-check.ts";
import { archive } from "../../../src/core/archive.ts";
import { shownText } from "../../../src/core/text.ts";
import type { Plan } from "../../../src/preview/plan.ts";

const repository = resolve(import.meta.dirname, "..", "..", "..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplan-opa-"));
});
// Files of this project share a process.
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Only what is read here of a plan: a policy server, and the files that its containers get. */
function planOf(files: readonly PolicyFile[], kind = "OpaServer"): Plan {
  const uploads = bundleOf({ folder: "stacks/policies/", files }, "repo/guard", ["/token"], "/etc/groundplan").files.map(({ path, content }) => ({
    file: path,
    content: shownText(content),
  }));
  const labels = [
    { label: "io.groundplan.component", value: "opa" },
    { label: "io.groundplan.role", value: "files" },
  ];
  const resources = [
    { custom: false, name: "opa", type: `groundplan:index:${kind}`, outputs: { kind } },
    { custom: true, name: "opa-carrier", type: "docker:index/container:Container", inputs: { labels, uploads }, outputs: {} },
  ];
  return { resources } as unknown as Plan;
}

const sound = { path: "repo/guard.rego", content: "package repo.guard\n\ndefault allow := false\n" };

/** Lets only this `opa` be found; `sh` runs it by its full path. */
function onPath(script?: string): void {
  vi.stubEnv("PATH", folder);
  rmSync(join(folder, "opa"), { force: true });
  if (script !== undefined) writeFileSync(join(folder, "opa"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test("says what was not checked where there is no opa", async () => {
  onPath();
  expect(await checkPolicies(planOf([sound]))).toEqual(["opa: policies not checked: no opa on PATH"]);
});

test("a plan without a policy server asks nobody", async () => {
  onPath("exit 1");
  expect(await checkPolicies(planOf([sound], "RedisCache"))).toEqual([]);
});

test("asks for a strict check of the bundle", async () => {
  onPath(
    `case "$1 $2 $3 $4 $5" in "check --strict --bundle --format json") [ -f "$6/repo%2Fguard.rego" ] && [ -f "$6/.manifest" ] ;; *) exit 9 ;; esac`,
  );
  expect(await checkPolicies(planOf([sound]))).toEqual(["opa: policies checked by opa check --strict"]);
});

test("asks the same of the archive that tasks on AWS pull", async () => {
  const { resources } = planOf([sound]);
  const carrier = resources.find(({ name }) => name === "opa-carrier")?.inputs as { uploads: { file: string; content: string }[] };
  const bytes = archive(carrier.uploads.map(({ file, content }) => ({ path: basename(file), content })));
  const inputs = { contentBase64: bytes.toString("base64"), tags: { "groundplan:component": "opa" } };
  const object = { custom: true, name: "opa-bundle", type: "aws:s3/bucketObjectv2:BucketObjectv2", inputs, outputs: {} };
  const plan = { resources: [...resources.filter(({ name }) => name === "opa"), object] } as unknown as Plan;
  onPath(`[ -f "$6/.manifest" ] && read -r first <"$6/repo%2Fguard.rego" && [ "$first" = "package repo.guard" ]`);
  expect(await checkPolicies(plan)).toEqual(["opa: policies checked by opa check --strict"]);
});

test("tells errors with the user's own files and lines", async () => {
  const errors = [{ message: "var x is unsafe", location: { file: "/tmp/x/repo%2Fguard.rego", row: 12 } }, { message: "no place" }];
  onPath(`echo '${JSON.stringify({ errors })}' >&2; exit 1`);
  await expect(checkPolicies(planOf([sound]))).rejects.toMatchObject({
    code: "GP328",
    exit: 3,
    message: expect.stringMatching(
      /policies = "stacks\/policies\/repo\/guard\.rego:12"\n.*var x is unsafe[\s\S]*policies = "stacks\/policies"\n.*no place/,
    ),
  });
});

test("an opa that fails in another way is told as it says it", async () => {
  onPath("echo 'unknown flag: --strict'; exit 1");
  await expect(checkPolicies(planOf([sound]))).rejects.toThrow("unknown flag: --strict");
});

const real = (() => {
  try {
    return execFileSync("sh", ["-c", "command -v opa"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
})();

/** Where the program itself is. */
const withOpa = test.skipIf(real === undefined);

withOpa("the real program takes the policies of GitGuard, and its tests pass", async () => {
  vi.unstubAllEnvs();
  const { files } = readPolicies(repository, "stacks/gitguard/policies");
  expect(await checkPolicies(planOf(files))).toEqual(["opa: policies checked by opa check --strict"]);
  expect(execFileSync("opa", ["test", "--bundle", join(repository, "stacks/gitguard/policies")], { encoding: "utf8" })).toMatch(/PASS: (\d+)\/\1/);
});

withOpa("the real program finds what does not compile, and what is only strictly wrong", async () => {
  vi.unstubAllEnvs();
  const unsafe = { path: "repo/guard.rego", content: "package repo.guard\n\nallow if x > 1\n" };
  await expect(checkPolicies(planOf([unsafe]))).rejects.toThrow('policies = "stacks/policies/repo/guard.rego:3"');
  const unused = { path: "a b.rego", content: "package repo.guard\n\nallow if {\n\tx := 1\n}\n" };
  await expect(checkPolicies(planOf([unused]))).rejects.toThrow('policies = "stacks/policies/a b.rego:4"');
});
