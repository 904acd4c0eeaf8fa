import { describe, expect, test } from "vitest";
import { meshProblems, meshWarnings, strayMeshSettings, wholeMeshProblems } from "../../../../src/platforms/kubernetes/mesh/problems.ts";
import { clusterProblems, clusterWarnings, kubernetesProblems } from "../../../../src/platforms/kubernetes/problems.ts";
import { repository } from "../../../support/recorded.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";

const on = (mesh: object) => settingsOf({ target: "kubernetes", kubernetes: { context: "lab", mesh } });
const mesh = on({ mode: "sidecar" });
const service = (name: string, args: object = {}) =>
  soundSpec("AppService", name, { image: "r.example/web:1.0.0", ports: { http: 80 }, health: { kind: "tcp" }, ...args });

describe("a pod of a mesh", () => {
  test("leaves the proxy its ports", () => {
    const spec = service("web", { ports: { http: 80, status: 15021, admin: 15000 } });
    expect(kubernetesProblems(spec, mesh, repository)).toMatchObject([
      { component: "web", path: "web.ports.status", value: 15021, rule: expect.stringContaining("15090") },
      { component: "web", path: "web.ports.admin", value: 15000 },
    ]);
    expect(kubernetesProblems(spec, on({ mode: "none" }), repository)).toEqual([]);
  });

  test("is not run by the user of the proxy", () => {
    const spec = service("web");
    const workloads = spec.workloads.map((workload) => ({ ...workload, uid: 1337 }));
    expect(meshProblems({ ...spec, workloads }, mesh)).toMatchObject([{ component: "web", path: "web.uid", value: 1337 }]);
    expect(meshProblems({ ...spec, workloads }, on({ mode: "none" }))).toEqual([]);
  });

  test("may have its requests cut, as a proxy is there to do it", () => {
    const spec = service("web", { requestTimeoutSeconds: 30 });
    expect(kubernetesProblems(spec, mesh, repository)).toEqual([]);
    expect(kubernetesProblems(spec, on({ mode: "none" }), repository)).toMatchObject([
      { path: "requestTimeoutSeconds", fix: expect.stringContaining("kubernetes.mesh.mode to sidecar") },
    ]);
  });
});

describe("settings of the mesh", () => {
  test("are for a mesh that is used", () => {
    const permissive = [{ workload: "web", port: "http", reason: "called by hand" }];
    const stray = on({ mode: "none", install: true, trustDomain: "shop.example", permissive });
    expect(clusterProblems(stray)).toMatchObject(
      ["install", "trustDomain", "permissive"].map((key) => ({
        path: `kubernetes.mesh.${key}`,
        fix: expect.stringContaining("mode: sidecar"),
        origin: "Pulumi.dev.yaml",
      })),
    );
    expect(strayMeshSettings(on({ mode: "none", install: false }))).toEqual([]);
    expect(strayMeshSettings(on({ mode: "sidecar", permissive }))).toEqual([]);
    expect(strayMeshSettings(settingsOf({ target: "kubernetes", kubernetes: { context: "lab" } }))).toEqual([]);
  });

  test("ambient, what only it has, and settings that mean nothing together", () => {
    const told = (mesh: object) => strayMeshSettings(on(mesh)).map(({ path, fix }) => [path, fix]);
    expect(told({ mode: "ambient", waypoint: true, ztunnel: {} })).toEqual([
      ["kubernetes.mesh.mode", "use sidecar"],
      ["kubernetes.mesh.waypoint", "remove it"],
      ["kubernetes.mesh.ztunnel", "remove it"],
    ]);
    expect(told({ mode: "sidecar", waypoint: "gateway" })).toEqual([["kubernetes.mesh.waypoint", "remove it"]]);
    expect(told({ mode: "sidecar", version: "1.31" })).toEqual([["kubernetes.mesh.version", "remove it, or set install: true"]]);
    expect(told({ mode: "sidecar", install: true, tracingProvider: "jaeger" })).toEqual([["kubernetes.mesh.tracingProvider", "remove it"]]);
    expect(told({ mode: "sidecar", install: true, version: "1.31" })).toEqual([]);
  });

  test("what a mesh that is there must have is told", () => {
    expect(clusterWarnings(mesh)).toEqual([expect.stringContaining("CNI node agent")]);
    expect(clusterWarnings(on({ mode: "sidecar", install: true }))).toEqual([]);
    expect(clusterWarnings(on({ mode: "none" }))).toEqual([]);
  });
});

describe("the topology as a whole", () => {
  const excepting = (...permissive: { workload: string; port: string }[]) =>
    on({ mode: "sidecar", permissive: permissive.map((entry) => ({ ...entry, reason: "called by hand" })) });

  test("has every workload and port that is excepted", () => {
    const specs = [service("web"), soundSpec("NatsCluster", "bus")];
    expect(wholeMeshProblems(specs, excepting({ workload: "bus", port: "monitor" }))).toEqual([]);
    expect(wholeMeshProblems(specs, excepting({ workload: "bas", port: "monitor" }, { workload: "web", port: "toString" }))).toMatchObject([
      { component: "stack", path: "kubernetes.mesh.permissive[0].workload", value: "bas", fix: "did you mean bus?", origin: "Pulumi.dev.yaml" },
      {
        component: "stack",
        path: "kubernetes.mesh.permissive[1].port",
        value: "toString",
        rule: "a port of web",
        fix: expect.stringContaining("http"),
      },
    ]);
  });

  test("has one host name outside for each port on which proxies cannot tell two apart", () => {
    const out = (name: string, ...egress: { host: string; port: number }[]) => service(name, { egress });
    const specs = [
      out("a", { host: "one.example", port: 5432 }, { host: "one.example", port: 443 }, { host: "one.example", port: 80 }),
      out("b", { host: "two.example", port: 443 }, { host: "two.example", port: 80 }, { host: "10.1.2.3", port: 5432 }),
      out("c", { host: "one.example", port: 5432 }),
    ];
    expect(wholeMeshProblems(specs, mesh)).toEqual([]);
    const two = [...specs, out("d", { host: "two.example", port: 5432 })];
    expect(wholeMeshProblems(two, mesh)).toMatchObject([
      { component: "d", path: "egress", value: "two.example:5432", fix: expect.stringContaining("address") },
    ]);
    expect(wholeMeshProblems(two, on({ mode: "none" }))).toEqual([]);
    expect(specs.flatMap((spec) => meshWarnings(spec, mesh))).toEqual([
      expect.stringContaining("one.example:5432"),
      expect.stringContaining("one.example:5432"),
    ]);
    expect(specs.flatMap((spec) => meshWarnings(spec, on({ mode: "none" })))).toEqual([]);
  });
});
