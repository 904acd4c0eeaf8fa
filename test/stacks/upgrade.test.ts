import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isNamed, lastReleased, namedInChangelog, replacements } from "../../release/compare.ts";
import { digestOf, type PlanDigest } from "../../release/digest.ts";
import { storedRelease } from "../../release/stored.ts";
import type { Plan, PlanResource } from "../../src/preview/plan.ts";
import { portable, repository } from "../support/recorded.ts";
import { type Shipped, shipped, shippedPlan } from "../support/shipped.ts";

const changelog = readFileSync(join(repository, "CHANGELOG.md"), "utf8");
const release = storedRelease();

describe("an upgrade from the last release", () => {
  test("the plans that are kept are those of the newest version of the changelog, of every environment", () => {
    expect(release.version).toBe(lastReleased(changelog));
    expect(Object.keys(release.environments)).toEqual(Object.keys(shipped));
    for (const [env, plan] of Object.entries(release.environments)) expect(Object.keys(plan).length, env).toBeGreaterThan(50);
  });

  test.each(Object.keys(shipped) as Shipped[])(
    "%s: nothing is replaced or taken away that the changelog does not name",
    { timeout: 240_000 },
    async (env) => {
      const plan = await shippedPlan(env);
      const before = { ...release, environments: { [env]: release.environments[env] ?? {} } };
      const found = replacements(before, { [env]: digestOf(plan.resources, portable(plan)) });
      expect(found.filter((replacement) => !isNamed(replacement, namedInChangelog(changelog)))).toEqual([]);
    },
  );
});

describe("what the comparison finds", () => {
  /** A plan, changed by hand, and what is found of it. */
  async function planted(env: Shipped, change: (resource: PlanResource) => PlanResource | undefined) {
    const plan = await shippedPlan(env);
    const changed: Plan = { ...plan, resources: plan.resources.flatMap((resource) => change(resource) ?? []) };
    const digest = (of: Plan): PlanDigest => digestOf(of.resources, portable(of));
    return replacements({ version: "0", environments: { [env]: digest(plan) } }, { [env]: digest(changed) });
  }
  const set = (type: string, name: string, inputs: Readonly<Record<string, unknown>>) => (resource: PlanResource) =>
    resource.type === type && resource.name === name ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource;

  const container = "docker:index/container:Container";
  const instance = "aws:rds/instance:Instance";

  test("a container with another variable is replaced, one with more memory is not", async () => {
    expect(await planted("starter-dev", set(container, "cache", { envs: ["A=1"] }))).toEqual([
      { env: "starter-dev", resource: `${container}::cache`, inputs: ["envs"] },
    ]);
    expect(await planted("starter-dev", set(container, "cache", { memory: 1024 }))).toEqual([]);
  });

  test("so are a volume of another name, a credential of another length, and what the provider is told to replace", async () => {
    const dev = "starter-dev";
    const volume = "docker:index/volume:Volume";
    expect(await planted(dev, set(volume, "db-data", { name: "other" }))).toEqual([{ env: dev, resource: `${volume}::db-data`, inputs: ["name"] }]);
    const password = "random:index/randomPassword:RandomPassword";
    expect(await planted(dev, set(password, "cache-app-password", { length: 20 }))).toMatchObject([{ inputs: ["length"] }]);
    expect(await planted(dev, set(container, "cache", { healthcheck: { tests: ["NONE"] } }))).toMatchObject([{ inputs: ["healthcheck"] }]);
  });

  test("on a cluster, a selector and a claim; not what a rollout changes", async () => {
    const set_ = "kubernetes:apps/v1:StatefulSet";
    const change = (spec: Readonly<Record<string, unknown>>) =>
      planted("starter-staging", (resource) =>
        resource.type === set_ && resource.name.startsWith("db")
          ? { ...resource, inputs: { ...resource.inputs, spec: { ...(resource.inputs.spec as object), ...spec } } }
          : resource,
      );
    expect(await change({ serviceName: "other" })).toMatchObject([{ inputs: ["spec.serviceName"] }]);
    expect(await change({ template: {} })).toEqual([]);
  });

  test("on a cluster, a type that nobody looked at is refused; of a custom resource the name and the namespace count", async () => {
    const claim = "kubernetes:core/v1:PersistentVolumeClaim";
    const staging = await shippedPlan("starter-staging");
    const [first] = staging.resources.filter(({ type }) => type === "kubernetes:core/v1:Service");
    if (!first) throw new Error("the starter has services");
    const of = (type: string, inputs: Readonly<Record<string, unknown>> = first.inputs) => {
      const plan = { ...staging, resources: [{ ...first, type, inputs }] };
      return digestOf(plan.resources, portable(plan))[first.urn.split("::").slice(2).join("::")] ?? {};
    };
    for (const unknown of ["kubernetes:core/v1:Pod", "kubernetes:autoscaling.k8s.io/v1:Thing", "docker:index/plugin:Plugin", "pulumi:providers:gcp"])
      expect(() => of(unknown), unknown).toThrow(`does not say what replaces ${unknown}`);
    const custom = ["kubernetes:networking.istio.io/v1:Sidecar", "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"];
    for (const type of custom) expect(Object.keys(of(type))).toEqual(["metadata.name", "metadata.namespace", "(provider)"]);
    expect(of("kubernetes:core/v1:Service", { ...first.inputs, spec: { clusterIP: "None" } })).toHaveProperty(["spec.clusterIP"]);
    expect(of(claim, { spec: { volumeName: "a" } }).spec).not.toBe(of(claim, { spec: { volumeName: "b" } }).spec);
    const selected = (type: string) => of(type, { spec: { selector: {}, template: {}, volumeClaimTemplates: [] } });
    expect(selected("kubernetes:apps/v1:DaemonSet")).toHaveProperty(["spec.selector"]);
    expect(selected("kubernetes:apps/v1:StatefulSet")).toHaveProperty(["spec.volumeClaimTemplates"]);
    expect(selected("kubernetes:batch/v1:Job")).toHaveProperty(["spec.template"]);
  });

  test.each<[Shipped, string, string, Readonly<Record<string, unknown>>]>([
    ["starter-dev", "pulumi:providers:docker", "docker-daemon", { host: "ssh://elsewhere" }],
    ["starter-staging", "pulumi:providers:kubernetes", "kubernetes-cluster", { context: "elsewhere", namespace: "elsewhere" }],
    ["starter-prod", "pulumi:providers:aws", "aws-provider", { region: "us-east-1", allowedAccountIds: '["210987654321"]' }],
  ])("%s: a provider that makes its resources elsewhere", async (env, type, name, elsewhere) => {
    expect(await planted(env, set(type, name, elsewhere))).toEqual([
      { env, resource: `${type}::${name}`, inputs: Object.keys(elsewhere).toSorted() },
    ]);
  });

  test("a resource of another provider; not of the same one deployed again", async () => {
    const by = (provider: (urn: string) => string) =>
      planted("starter-dev", (resource) =>
        resource.name === "db-data" && resource.provider ? { ...resource, provider: provider(resource.provider) } : resource,
      );
    expect(await by((urn) => urn.replace("::docker-daemon::", "::other-daemon::"))).toMatchObject([{ inputs: ["(provider)"] }]);
    expect(await by((urn) => `${urn.slice(0, urn.lastIndexOf("::"))}::another-id`)).toEqual([]);
  });

  test("on AWS, another name of a database and another key; not another size", async () => {
    const found = await planted("starter-prod", set(instance, "db", { identifier: "other", kmsKeyId: "other", instanceClass: "db.m7g.large" }));
    expect(found).toEqual([{ env: "starter-prod", resource: `${instance}::db`, inputs: ["identifier", "kmsKeyId"] }]);
  });

  test("what is gone, or below another parent; what is new is nothing", async () => {
    const gone = await planted("starter-dev", (resource) => (resource.name === "cache" && resource.type === container ? undefined : resource));
    expect(gone).toEqual([{ env: "starter-dev", resource: `${container}::cache`, inputs: undefined }]);
    const moved = (resource: PlanResource) => ({ ...resource, urn: resource.urn.replace("groundplan:index:RedisCache$", "groundplan:index:Cache$") });
    expect((await planted("starter-dev", moved)).map(({ inputs }) => inputs)).toContain(undefined);
    const more = await shippedPlan("starter-dev");
    const all = digestOf(more.resources, portable(more));
    const [first = ""] = Object.keys(all);
    const { [first]: _, ...fewer } = all;
    expect(replacements({ version: "0", environments: { "starter-dev": fewer } }, { "starter-dev": all })).toEqual([]);
  });
});

describe("what the changelog names", () => {
  const text = (impact: string) =>
    `# Changelog\n\n## [Unreleased]\n\n### Preview impact\n\n${impact}\n\n### Added\n\n- \`docker:index/volume:Volume::added\`\n\n## [0.1.0] - 2026-11-29\n\n### Preview impact\n\n- \`docker:index/volume:Volume::old\`\n`;
  const replaced = (resource: string) => ({ env: "dev", resource, inputs: ["envs"] });

  test("a part by its type and name, with * for any text, in Preview impact of what is not released yet", () => {
    const names = namedInChangelog(text("- `docker:index/container:Container::*-check` and `aws:rds/instance:Instance::db`: a reason."));
    expect(isNamed(replaced("docker:index/container:Container::cache-check"), names)).toBe(true);
    expect(isNamed(replaced("aws:rds/instance:Instance::db"), names)).toBe(true);
    for (const other of [
      "docker:index/container:Container::cache",
      "docker:index/volume:Volume::old",
      "docker:index/volume:Volume::added",
      "aws:rds/instance:Instance::db-replica",
    ])
      expect(isNamed(replaced(other), names), other).toBe(false);
  });

  test("nothing by a word alone: `*` is no name of a part", () => {
    expect(namedInChangelog(text("- `*` and `cache`: everything is new."))).toEqual([]);
    expect(lastReleased(text(""))).toBe("0.1.0");
  });

  test.each(["*::*", "docker:*::db", "docker:index/container:Container::*", "aws:rds/instance:Instance::*b*"])("%s names no part", (pattern) => {
    expect(() => namedInChangelog(text(`- \`${pattern}\`: everything is new.`))).toThrow(`${pattern}: name parts by their type and name`);
  });
});
