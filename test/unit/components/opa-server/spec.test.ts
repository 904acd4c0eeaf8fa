import { describe, expect, test } from "vitest";
import type { OpaServerArgs } from "../../../../components/opa-server/opa-server.ts";
import type { PolicyFile, PolicyFolder } from "../../../../components/opa-server/policies.ts";
import { opaServerRequired, opaServerRules, opaServerSpec } from "../../../../components/opa-server/spec.ts";
import { settleArgs } from "../../../../src/core/settle.ts";
import { shownText } from "../../../../src/core/text.ts";
import { settingsOf, somePolicies } from "../../../support/settings.ts";

const rego = (path: string, name = "repo.guard"): PolicyFile => ({
  path,
  content: `# about package other\npackage ${name}\n\ndefault allow := false\n`,
});
const folderOf = (...files: readonly PolicyFile[]): PolicyFolder => ({ folder: "policies", files });

function spec(folder: PolicyFolder, over: object = {}, profile = "dev") {
  const platform = { realise: () => {} };
  const args = { platform, policies: "policies", path: "repo/guard", ...over } as unknown as OpaServerArgs;
  return opaServerSpec("opa", settleArgs(settingsOf({ profile }), "opa", args, opaServerRules, [...opaServerRequired]), folder);
}

const filesOf = (folder: PolicyFolder, over: object = {}): Record<string, string> =>
  Object.fromEntries(
    (spec(folder, over).workloads[0]?.files ?? []).map(({ path, content }) => [
      path.replace(/^\/etc\/groundplan\/(bundle\/)?/, ""),
      shownText(content),
    ]),
  );

const problems = (folder: PolicyFolder, over: object = {}) => spec(folder, over).problems.map(({ path, rule, fix }) => `${path}: ${rule}; ${fix}`);

test("the server listens on all addresses of its network, and loads the folder as a bundle", () => {
  const server = spec(somePolicies).workloads[0];
  expect(server?.command).toEqual([
    "run",
    "--server",
    "--addr=0.0.0.0:8181",
    "--diagnostic-addr=0.0.0.0:8282",
    "--config-file=/etc/groundplan/opa.json",
    "--log-format=json",
    "--skip-version-check",
    "--bundle",
    // The slash: the folder is a link in a pod, and is read only so.
    "/etc/groundplan/bundle/",
  ]);
  expect(server?.probe).toMatchObject({ kind: "http", path: "/health?bundles&plugins", port: "diagnostic" });
  expect(spec(somePolicies).connections.default).toEqual({ scheme: "http", workload: "opa", port: "http", path: "/v1/data/repo/guard" });
});

test("policies keep their names in one folder, and tests stay out", () => {
  const folder = folderOf(rego("guard.rego"), rego("a/guard.rego"), rego("a/guard_test.rego", "repo.guard_test"), rego("a%2Fguard.rego"));
  expect(Object.keys(filesOf(folder)).toSorted()).toEqual([".manifest", "a%252Fguard.rego", "a%2Fguard.rego", "data.json", "guard.rego", "opa.json"]);
});

test("data stands where its folder is", () => {
  const folder = folderOf(
    rego("guard.rego"),
    { path: "data.json", content: '{"repo": {"owner": "acme"}}' },
    { path: "repo/guard/data.yaml", content: "settings:\n  max: 5\n" },
  );
  expect(JSON.parse(filesOf(folder)["data.json"] ?? "")).toEqual({ repo: { owner: "acme", guard: { settings: { max: 5 } } } });
});

test("the bundle owns everything, and its revision follows its content alone", () => {
  const manifest = (folder: PolicyFolder, over = {}) => JSON.parse(filesOf(folder, over)[".manifest"] ?? "") as { revision: string; roots: string[] };
  const first = manifest(folderOf(rego("guard.rego")));
  expect(first.roots).toEqual([""]);
  expect(first.revision).toMatch(/^[0-9a-f]{64}$/);
  expect(manifest(folderOf(rego("guard.rego"), rego("guard_test.rego"))).revision).toBe(first.revision);
  expect(manifest(folderOf(rego("guard.rego")), { memoryMiB: 512 }).revision).toBe(first.revision);
  expect(manifest(folderOf(rego("other.rego"))).revision).not.toBe(first.revision);
  expect(manifest(folderOf(rego("guard.rego")), { maskInputs: ["/a"] }).revision).not.toBe(first.revision);
});

test("decisions are logged unless that is switched off, without what is masked", () => {
  expect(JSON.parse(filesOf(somePolicies)["opa.json"] ?? "")).toEqual({
    labels: { component: "opa" },
    status: { prometheus: true },
    decision_logs: { console: true },
  });
  expect(JSON.parse(filesOf(somePolicies, { decisionLogs: false })["opa.json"] ?? "")).toEqual({
    labels: { component: "opa" },
    status: { prometheus: true },
  });
  expect(filesOf(somePolicies, { maskInputs: ["/event/token", "/a"] })["+mask.rego"]).toBe(
    'package system.log\n\nmask contains "/input/event/token"\n\nmask contains "/input/a"\n',
  );
});

test("one server is published in dev; several, or another profile, are not", () => {
  expect(spec(somePolicies).digest.published).toEqual(["http"]);
  expect(spec(somePolicies, { replicas: 2 }).digest.published).toEqual([]);
  expect(spec(somePolicies, { replicas: 1 }, "prod").digest.published).toEqual([]);
  expect(spec(somePolicies, {}, "prod").workloads[0]?.replicas).toBe(3);
});

describe("refused", () => {
  test.each<[string, PolicyFolder, object, string]>([
    ["a folder that is not there", { folder: undefined, files: [] }, {}, "policies: an existing folder"],
    ["a folder without a policy", folderOf(rego("a_test.rego")), {}, "policies: a folder with at least one policy"],
    [
      "a path that no package has",
      folderOf(rego("a.rego", "repo.other"), rego("b.rego", "shop")),
      {},
      "use e.g. repo/other; there are repo/other, shop",
    ],
    ["a package that only begins like the path", folderOf(rego("a.rego", "repo.guardian")), {}, "path: the path of a package in the folder"],
    ["data that cannot be read", folderOf(rego("a.rego"), { path: "x/data.json", content: "{" }), {}, "policies: a document that can be read"],
    ["data that is no object", folderOf(rego("a.rego"), { path: "data.json", content: "[1]" }), {}, "policies: an object"],
    [
      "two values in one place",
      folderOf(rego("a.rego"), { path: "a/data.json", content: '{"b": 1}' }, { path: "data.json", content: '{"a": {"b": 2}}' }),
      {},
      "another has a/b as well",
    ],
    [
      "masks in two places",
      folderOf(rego("a.rego"), rego("m.rego", "system.log")),
      { maskInputs: ["/a"] },
      "maskInputs: masks are declared in one place",
    ],
    ["a pointer that would leave its string", somePolicies, { maskInputs: ['/a"\nallow := true #'] }, "maskInputs[0]: a JSON pointer"],
    [
      "too much",
      folderOf(rego("a.rego"), { path: "data.json", content: JSON.stringify({ a: "x".repeat(600_000) }) }),
      {},
      "policies: policies and data of 512 KiB",
    ],
    ["a path that would leave its URL", somePolicies, { path: "repo/../x" }, "path: a data path"],
  ])("%s", (_what, folder, over, problem) => {
    expect(problems(folder, over).filter((line) => line.includes(problem))).toHaveLength(1);
  });

  test.each(["repo", "repo/guard", "repo/guard/allow"])("not refused: the path %s, above, at or below a package", (path) => {
    expect(problems(folderOf(rego("a.rego")), { path })).toEqual([]);
  });

  test('a package in brackets is the same package: package repo["guard"]', () => {
    expect(problems(folderOf(rego("a.rego", 'repo["guard"]')))).toEqual([]);
  });
});

test("a document that OPA does not read is told", () => {
  const { warnings } = spec(folderOf(rego("a.rego"), { path: "settings.json", content: "{}" }));
  expect(warnings).toEqual([expect.stringContaining("settings.json is not read")]);
});

describe("policies from a registry", () => {
  const bundle = { registry: "ghcr.io", resource: "acme/policies:1.4.2" };
  const nothing: PolicyFolder = { folder: undefined, files: [] };
  const pulled = (more: object = {}, over: object = {}) => spec(nothing, { policies: undefined, bundle: { ...bundle, ...more }, ...over }, "staging");
  const configOf = (it: ReturnType<typeof spec>) =>
    JSON.parse(shownText(it.workloads[0]?.files.find(({ path }) => path.endsWith("/opa.json"))?.content ?? "")) as Record<string, unknown>;

  test("are pulled by each server, kept in memory, and the registry is its one way out", () => {
    const it = pulled();
    expect(it.problems).toEqual([]);
    expect(configOf(it)).toMatchObject({
      services: { registry: { url: "https://ghcr.io", type: "oci" } },
      bundles: {
        policies: {
          service: "registry",
          resource: "ghcr.io/acme/policies:1.4.2",
          persist: true,
          polling: { min_delay_seconds: 60, max_delay_seconds: 120 },
        },
      },
      persistence_directory: "/var/opa",
      decision_logs: { console: true },
    });
    const [server] = it.workloads;
    expect(server?.scratch).toContain("/var/opa");
    expect(server?.egress).toEqual([{ host: "ghcr.io", port: 443 }]);
    expect(server?.command).not.toContain("--bundle");
    expect(server?.probe).toMatchObject({ path: "/health?bundles&plugins" });
    expect(spec(somePolicies).workloads[0]?.egress).toEqual([]);
  });

  test("a token stands in a file of its own, as a secret", () => {
    const it = pulled({ token: "hunter2" });
    expect(it.secrets).toEqual({ registry: { use: "token of opa for ghcr.io", given: "hunter2" } });
    expect(configOf(it)).toMatchObject({ services: { registry: { credentials: { bearer: { token_path: "/etc/groundplan/registry-token" } } } } });
    expect(JSON.stringify([it.workloads, it.jobs, it.digest])).not.toContain("hunter2");
    expect(it.workloads[0]?.files.map(({ path }) => path)).toContain("/etc/groundplan/registry-token");
  });

  test("or from a folder, and not from both or from nowhere", () => {
    const paths = (it: ReturnType<typeof spec>) => it.problems.map(({ path }) => path);
    expect(paths(spec(somePolicies, { bundle }))).toEqual(["bundle"]);
    expect(paths(spec(nothing, { policies: undefined }))).toEqual(["policies"]);
    expect(paths(pulled({}, { maskInputs: ["/a"] }))).toEqual(["maskInputs"]);
    expect(paths(pulled({ registry: "https://ghcr.io" }))).toEqual(["bundle.registry"]);
    expect(paths(pulled({ resource: "acme/policies", pollSeconds: 1 }))).toEqual(["bundle.resource", "bundle.pollSeconds"]);
  });
});
