import { describe, expect, test } from "vitest";
import { namespaceOf } from "../../../../src/platforms/kubernetes/context.ts";
import { clusterProblems, kubernetesProblems } from "../../../../src/platforms/kubernetes/problems.ts";
import { repository } from "../../../support/recorded.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";

const on = (kubernetes: object, over: object = {}) => settingsOf({ target: "kubernetes", kubernetes: { context: "lab", ...kubernetes }, ...over });
const service = (args: object) =>
  soundSpec("AppService", "web", { image: "r.example/web:1.0.0", ports: { http: 80 }, health: { kind: "tcp" }, ...args });

describe("the namespace", () => {
  test("is the stack's, or the configured one, and of its own for each copy", () => {
    expect(namespaceOf(on({}))).toBe("groundplan-dev");
    expect(namespaceOf(on({ namespace: "shop" }))).toBe("shop");
    expect(namespaceOf(on({ namespace: "shop" }, { isolation: "two" }))).toBe("shop-two");
  });

  test("must be a name that a cluster takes, the key of the copy included", () => {
    expect(clusterProblems(on({}))).toEqual([]);
    const long = "n".repeat(60);
    expect(clusterProblems(on({ namespace: long }))).toEqual([]);
    expect(clusterProblems(on({ namespace: long }, { isolation: "two" }))).toMatchObject([
      { component: "stack", path: "kubernetes.namespace", value: `${long}-two`, origin: "Pulumi.dev.yaml" },
    ]);
    expect(clusterProblems({ ...on({}), project: "My_Shop" })).toMatchObject([{ value: "My_Shop-dev" }]);
  });
});

test("the name of the stack, which labels every object, is one that a label takes, whatever the namespace is called", () => {
  const named = (project: string) => clusterProblems({ ...on({ namespace: "shop" }), project });
  expect(named("My_Shop")).toEqual([]);
  expect(named("p".repeat(59))).toEqual([]);
  expect(named("p".repeat(60))).toMatchObject([{ component: "stack", path: "name", value: `${"p".repeat(60)}-dev` }]);
});

test("where data is guarded, the class of its disks is named", () => {
  expect(clusterProblems(on({}, { profile: "staging" }))).toMatchObject([
    { path: "kubernetes.storageClass", rule: expect.stringContaining("staging") },
  ]);
  expect(clusterProblems(on({ storageClass: "fast" }, { profile: "staging" }))).toEqual([]);
});

describe("before anything is made", () => {
  test("an image that is built here needs a registry", () => {
    const spec = service({ image: { build: { context: "components/app-service/placeholder" } } });
    expect(kubernetesProblems(spec, on({}), repository)).toMatchObject([
      {
        component: "web",
        path: "image",
        value: "components/app-service/placeholder",
        rule: expect.stringContaining("kubernetes.registry is missing"),
      },
    ]);
    expect(kubernetesProblems(spec, on({ registry: "r.example/shop" }), repository)).toEqual([]);
  });

  test("its folder must be there", () => {
    const spec = service({ image: { build: { context: "nowhere" } } });
    expect(kubernetesProblems(spec, on({ registry: "r.example/shop" }), repository)).toMatchObject([
      { path: "image.build.context", value: "nowhere" },
    ]);
  });

  test("files must fit into a ConfigMap", () => {
    const spec = soundSpec("PostgresDb", "db", { databases: { app: { initSql: `select '${"x".repeat(1_100_000)}'` } } });
    expect(kubernetesProblems(spec, on({}), repository)).toMatchObject([
      { component: "db", path: "db-databases", value: expect.stringMatching(/^1\d{6} bytes$/) },
    ]);
  });

  test("replicas that are alike have no volumes, however many there are at first", () => {
    const volumes = { data: { path: "/data" } };
    const found = (args: object) => kubernetesProblems(service({ volumes, ...args }), on({}), repository);
    expect(found({ replicas: 2 })).toMatchObject([{ component: "web", path: "replicas", value: 2 }]);
    expect(found({ autoscale: { min: 1, max: 4 } })).toMatchObject([{ component: "web", path: "autoscale.max", value: 4 }]);
    expect(found({ autoscale: { min: 2, max: 4 } })).toMatchObject([{ component: "web", path: "replicas", value: 2 }]);
    expect(found({ autoscale: { min: 1, max: 1 } })).toEqual([]);
  });
});
