import { describe, expect, test } from "vitest";
import { namespaceOf } from "../../../../src/platforms/kubernetes/context.ts";
import { kubernetesProblems, kubernetesWarnings, namespaceProblems } from "../../../../src/platforms/kubernetes/problems.ts";
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
    expect(namespaceProblems(on({}))).toEqual([]);
    const long = "n".repeat(60);
    expect(namespaceProblems(on({ namespace: long }))).toEqual([]);
    expect(namespaceProblems(on({ namespace: long }, { isolation: "two" }))).toMatchObject([
      { component: "stack", path: "kubernetes.namespace", value: `${long}-two`, origin: "Pulumi.dev.yaml" },
    ]);
    expect(namespaceProblems({ ...on({}), project: "My_Shop" })).toMatchObject([{ value: "My_Shop-dev" }]);
  });
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

  test("replicas that are alike have no volumes", () => {
    const spec = service({ replicas: 2, volumes: { data: { path: "/data" } } });
    expect(kubernetesProblems(spec, on({}), repository)).toMatchObject([{ component: "web", path: "replicas", value: 2 }]);
  });
});

test("what is published or let out is less than the topology says, and that is said", () => {
  expect(kubernetesWarnings(service({}))).toEqual([]);
  const spec = service({ publish: ["http"], egress: [{ host: "api.github.com", port: 443 }] });
  expect(kubernetesWarnings(spec)).toEqual([expect.stringContaining("port-forward"), expect.stringContaining("outside the private ranges")]);
});
