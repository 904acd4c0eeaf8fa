import { expect, test } from "vitest";
import { recordedTopology } from "../support/recorded-topology.ts";

test("weights, a domain without an issuer, a reserved port and what only ambient has are one list", async () => {
  const topology = `
    const service = (name, ports = { http: 80 }) => new AppService(name, { platform, image: "r.example/web:1.0.0", ports, health: http("/") });
    const web = service("web", { http: 80, admin: 15001 });
    new ServiceMeshGateway("gateway", {
      platform,
      hosts: ["shop.example.com"],
      routes: { web: { to: { stable: web.connection, next: service("next").connection }, weights: { stable: 60, next: 30 } } },
    });
    return {};`;
  const kubernetes = { context: "nowhere", storageClass: "fast", mesh: { mode: "ambient", waypoint: "shared" } };
  const told = await recordedTopology(topology, { target: "kubernetes", profile: "prod", kubernetes }).then(
    () => "a plan",
    (error: unknown) => String(error),
  );
  const { problems } = JSON.parse(told.replace(/^Error: /, "")) as { problems: { component: string; path: string }[] };
  expect(problems.map(({ component, path }) => `${component}: ${path}`).toSorted()).toEqual([
    "gateway: routes.web.weights",
    "gateway: tls.certificate",
    "stack: kubernetes.mesh.mode",
    "stack: kubernetes.mesh.waypoint",
    "web: web.ports.admin",
  ]);
});
