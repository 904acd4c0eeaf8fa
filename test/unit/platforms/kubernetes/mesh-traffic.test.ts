import { describe, expect, test } from "vitest";
import type { WorkloadSpec } from "../../../../src/core/workload.ts";
import { clientService, nodesService } from "../../../../src/platforms/kubernetes/manifests/service.ts";
import { destinationRule, nodesRule } from "../../../../src/platforms/kubernetes/mesh/manifests/destination-rule.ts";
import { entryName, serviceEntry } from "../../../../src/platforms/kubernetes/mesh/manifests/service-entry.ts";
import { virtualService } from "../../../../src/platforms/kubernetes/mesh/manifests/virtual-service.ts";
import { meshFor, stackLabels, whole } from "./mesh-settings.ts";
import { labelled, part, place, workload } from "./specs.ts";

const prod = meshFor("prod");

describe("how a workload is reached", () => {
  const tcp = { maxConnections: 1024, connectTimeout: "5s", idleTimeout: "0s", tcpKeepalive: { time: "120s", interval: "30s", probes: 4 } };
  const http = {
    http1MaxPendingRequests: 1024,
    http2MaxRequests: 1024,
    maxRequestsPerConnection: 10_000,
    idleTimeout: "900s",
    maxRetries: 10,
  };
  const rule = async (over: Partial<WorkloadSpec>, mesh = prod) => (await whole(destinationRule(place, part, workload(over), mesh)))?.spec;
  const ejection = {
    consecutiveGatewayErrors: 5,
    consecutive5xxErrors: 0,
    interval: "10s",
    baseEjectionTime: "30s",
    maxEjectionPercent: 50,
    minHealthPercent: 50,
  };

  test("by mutual TLS, within bounds, and without the replicas that cannot be reached", async () => {
    expect(await rule({ replicas: 3 })).toEqual({
      host: "web.shop-prod.svc.cluster.local",
      exportTo: ["."],
      trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" }, connectionPool: { tcp, http }, outlierDetection: ejection },
    });
    expect(await rule({}, meshFor("prod", {}, { clusterDomain: "shop.internal" }))).toMatchObject({ host: "web.shop-prod.svc.shop.internal" });
    expect(await rule({ autoscale: { min: 1, max: 4, cpuPercent: 70 } })).toMatchObject({ trafficPolicy: { outlierDetection: ejection } });
  });

  test.each<[string, Partial<WorkloadSpec>]>([
    ["the only replica", { replicas: 1 }],
    ["a member of a quorum", { replicas: 3, identity: "stable" }],
    ["what keeps data", { replicas: 2, volumes: [{ name: "data", path: "/data", storageGiB: 1 }] }],
  ])("%s is never left out: nobody can stand in for it", async (_, over) => {
    expect(await rule(over)).toMatchObject({ trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" }, connectionPool: { tcp } } });
    expect(JSON.stringify(await rule(over))).not.toContain("outlierDetection");
  });

  test("connections have no bounds for requests", async () => {
    expect(await rule({ ports: { sql: { port: 5432, protocol: "postgres", published: false } } })).toMatchObject({
      trafficPolicy: { connectionPool: { tcp } },
    });
    expect(JSON.stringify(await rule({ ports: { sql: { port: 5432, protocol: "postgres", published: false } } }))).not.toContain("http1");
  });

  test("single replicas by their own names, by mutual TLS too", async () => {
    expect((await whole(nodesRule(place, part, prod)))?.spec).toEqual({
      host: "web-nodes.shop-prod.svc.cluster.local",
      exportTo: ["."],
      trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" }, connectionPool: { tcp } },
    });
  });

  test("single replicas also by their address, which a proxy knows for connections only", () => {
    const { ports } = workload();
    const protocols = (mesh: boolean) => (nodesService(place, part, ports, mesh).spec as { ports: object[] }).ports;
    expect(protocols(true)).toEqual([{ name: "http", port: 8080, targetPort: "http", protocol: "TCP", appProtocol: "tcp" }]);
    expect(protocols(false)).toMatchObject([{ appProtocol: "http" }]);
    expect(clientService(place, part, ports).spec).toMatchObject({ ports: [{ appProtocol: "http" }] });
  });

  test("only requests that change nothing are repeated, and each ends in time", async () => {
    const host = "web.shop-prod.svc.cluster.local";
    const port = (number: number, protocol: "http" | "grpc" | "tcp") => ({ port: number, protocol, published: false });
    const spec = workload({ ports: { http: port(8080, "http"), calls: port(9090, "grpc"), raw: port(7000, "tcp") } });
    const to = (number: number) => [{ destination: { host, port: { number } } }];
    const retries = { attempts: 2, retryOn: "connect-failure,refused-stream,reset-before-request,gateway-error" };
    expect(await whole(virtualService(place, part, spec, prod))).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "web", namespace: "shop-prod", labels: labelled() },
      spec: {
        hosts: [host],
        exportTo: ["."],
        http: [
          { match: [{ port: 8080, method: { regex: "GET|HEAD|OPTIONS" } }], route: to(8080), timeout: "60s", retries },
          { match: [{ port: 8080 }], route: to(8080), timeout: "60s", retries: { attempts: 0 } },
          { match: [{ port: 9090 }], route: to(9090), timeout: "3600s", retries: { attempts: 0 } },
        ],
      },
    });
    const timed = virtualService(place, part, { ...spec, requestTimeoutSeconds: 300 }, prod);
    expect(timed?.spec).toMatchObject({ http: Array(3).fill({ timeout: "300s" }) });
    expect(virtualService(place, part, workload({ ports: { raw: port(7000, "tcp") } }), prod)).toBeUndefined();
  });
});

describe("a declared host outside", () => {
  const spec = async (host: string, port: number) => (await whole(serviceEntry(place, { host, port })))?.spec;

  test("is known by its name, where TLS or HTTP tell it, and on its port alone elsewhere", async () => {
    expect(await whole(serviceEntry(place, { host: "api.openai.com", port: 443 }))).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "ServiceEntry",
      metadata: { name: "egress-api-openai-com-443", namespace: "shop-prod", labels: stackLabels },
      spec: {
        hosts: ["api.openai.com"],
        exportTo: ["."],
        location: "MESH_EXTERNAL",
        ports: [{ number: 443, name: "tls-443", protocol: "TLS" }],
        resolution: "DNS",
      },
    });
    expect(await spec("mirror.example", 80)).toMatchObject({ ports: [{ protocol: "HTTP" }], resolution: "DNS" });
    expect(await spec("db.example", 5432)).toMatchObject({ ports: [{ name: "tcp-5432", protocol: "TCP" }], resolution: "DNS" });
  });

  test("all below a domain are looked up by the caller", async () => {
    expect(await spec("*.example.com", 443)).toMatchObject({ hosts: ["*.example.com"], resolution: "NONE" });
  });

  test("an address is itself, and never taken for TLS that names somebody", async () => {
    expect(await spec("10.1.2.3", 443)).toEqual({
      hosts: ["10-1-2-3.egress.internal"],
      addresses: ["10.1.2.3"],
      exportTo: ["."],
      location: "MESH_EXTERNAL",
      ports: [{ number: 443, name: "tcp-443", protocol: "TCP" }],
      resolution: "STATIC",
      endpoints: [{ address: "10.1.2.3" }],
    });
  });

  test("has a name that a cluster takes, and another one has another", () => {
    const long = `${"very-long-label.".repeat(8)}example.com`;
    expect(entryName({ host: long, port: 443 })).toHaveLength(63);
    expect(entryName({ host: long, port: 443 })).not.toBe(entryName({ host: `x${long}`, port: 443 }));
    expect(entryName({ host: "*.example.com", port: 443 })).not.toBe(entryName({ host: "example.com", port: 443 }));
  });
});
