import { describe, expect, test } from "vitest";
import type { WorkloadSpec } from "../../../../src/core/workload.ts";
import type { CustomManifest } from "../../../../src/platforms/kubernetes/custom-object.ts";
import { namespace, systemNamespace } from "../../../../src/platforms/kubernetes/manifests/namespace.ts";
import { partPolicy } from "../../../../src/platforms/kubernetes/manifests/network-policy.ts";
import { jobPod, workloadPod } from "../../../../src/platforms/kubernetes/manifests/pod.ts";
import { clientService, nodesService } from "../../../../src/platforms/kubernetes/manifests/service.ts";
import { allow, allowPlain, denyAll } from "../../../../src/platforms/kubernetes/mesh/manifests/authorization-policy.ts";
import { destinationRule, nodesRule } from "../../../../src/platforms/kubernetes/mesh/manifests/destination-rule.ts";
import { sidecar, telemetry, tracing } from "../../../../src/platforms/kubernetes/mesh/manifests/namespace-wide.ts";
import { permissive, strict } from "../../../../src/platforms/kubernetes/mesh/manifests/peer-authentication.ts";
import { entryName, serviceEntry } from "../../../../src/platforms/kubernetes/mesh/manifests/service-entry.ts";
import { virtualService } from "../../../../src/platforms/kubernetes/mesh/manifests/virtual-service.ts";
import { type Mesh, meshOf } from "../../../../src/platforms/kubernetes/mesh/mesh.ts";
import type { Manifest } from "../../../../src/preview/kubernetes.ts";
import { schemaErrors } from "../../../support/kubernetes/schema.ts";
import { settingsOf } from "../../../support/settings.ts";
import { labelled, part, place, selected, step, workload } from "./specs.ts";

function meshFor(profile: "dev" | "staging" | "prod", mesh: object = {}, cluster: object = {}): Mesh {
  const kubernetes = { context: "lab", storageClass: "standard", mesh: { mode: "sidecar", ...mesh }, ...cluster };
  const found = meshOf(settingsOf({ target: "kubernetes", profile, kubernetes }));
  if (!found) throw new Error("no mesh");
  return found;
}
const prod = meshFor("prod");
const stackLabels = { "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "groundplan", "io.groundplan.stack": "shop-prod" };
const own = { matchLabels: selected };
const db = { system: "db", name: "db", ports: [5432] };
const dbPods = { matchLabels: { "io.groundplan.stack": "shop-prod", "io.groundplan.component": "db", "io.groundplan.part": "db" } };

/** What the API server reads of an object that the schema of its kind takes. */
async function whole(manifest: CustomManifest | undefined): Promise<CustomManifest | undefined> {
  if (manifest) expect(await schemaErrors(manifest as unknown as Manifest)).toEqual([]);
  return manifest;
}

describe("who may talk to whom", () => {
  test("mutual TLS for every pod, and nobody may call anybody", async () => {
    expect(await whole(strict(place))).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "default", namespace: "shop-prod", labels: stackLabels },
      spec: { mtls: { mode: "STRICT" } },
    });
    expect(await whole(denyAll(place))).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "default-deny", namespace: "shop-prod", labels: stackLabels },
      spec: {},
    });
  });

  test("a client by its identity, on the ports that it is bound to", async () => {
    expect(await whole(allow(place, part, { ...db, ports: [9187, 5432, 5432] }, "shop.example"))).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "web-to-db", namespace: "shop-prod", labels: labelled() },
      spec: {
        selector: dbPods,
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: ["shop.example/ns/shop-prod/sa/web"] } }],
            to: [{ operation: { ports: ["5432", "9187"] } }],
          },
        ],
      },
    });
  });

  test("an exception opens its port alone, to those without an identity alone, and says why", async () => {
    const annotations = { "io.groundplan.reason": "metrics: asked by the agent of the nodes" };
    const reason = annotations["io.groundplan.reason"];
    expect(await whole(permissive(place, part, [9100], reason))).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "web", namespace: "shop-prod", labels: labelled(), annotations },
      spec: { selector: own, mtls: { mode: "STRICT" }, portLevelMtls: { "9100": { mode: "PERMISSIVE" } } },
    });
    expect(await whole(allowPlain(place, part, [9100], reason))).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "plain-to-web", namespace: "shop-prod", labels: labelled(), annotations },
      spec: {
        selector: own,
        action: "ALLOW",
        rules: [{ from: [{ source: { notPrincipals: ["*"] } }], to: [{ operation: { ports: ["9100"] } }] }],
      },
    });
  });

  test("the control plane is the one thing more that pods reach", () => {
    const egress = (controlPlane?: string) =>
      (partPolicy(place, part, { servers: [], egress: [], siblings: [], controlPlane }).spec as { egress: unknown[] }).egress;
    const more = {
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "mesh" } }, podSelector: { matchLabels: { app: "istiod" } } }],
      ports: [{ protocol: "TCP", port: 15012 }],
    };
    expect(egress("mesh")).toEqual([...egress(), more]);
  });
});

describe("what proxies do", () => {
  test("they know their namespace and the control plane, and pass on nothing else", async () => {
    expect(await whole(sidecar(place, meshFor("prod", { controlPlane: "mesh" })))).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "Sidecar",
      metadata: { name: "default", namespace: "shop-prod", labels: stackLabels },
      spec: { egress: [{ hosts: ["./*", "mesh/*"] }], outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
    });
  });

  test("they write down what failed, and in dev everything", async () => {
    const failed = { filter: { expression: "response.code >= 400 || response.code == 0" } };
    const spec = async (mesh: Mesh) => (await whole(telemetry(place, mesh)))?.spec;
    expect(await spec(prod)).toEqual({
      metrics: [{ providers: [{ name: "prometheus" }] }],
      accessLogging: [{ providers: [{ name: "envoy" }], ...failed }],
    });
    expect(await spec(meshFor("dev", { install: true }))).toEqual({
      metrics: [{ providers: [{ name: "prometheus" }] }],
      accessLogging: [{ providers: [{ name: "envoy" }] }],
      // Only who is bound to the collector could bring it anything.
      tracing: [{ disableSpanReporting: true }],
    });
  });

  test("they trace for who is bound to the collector, as often as the profile wants", async () => {
    const percent = async (profile: "dev" | "staging" | "prod") => (await whole(tracing(place, part, meshFor(profile), "zipkin")))?.spec;
    expect(await percent("prod")).toEqual({
      selector: own,
      tracing: [{ providers: [{ name: "zipkin" }], randomSamplingPercentage: 5, disableSpanReporting: false }],
    });
    expect(await percent("staging")).toMatchObject({ tracing: [{ randomSamplingPercentage: 25 }] });
    expect(await percent("dev")).toMatchObject({ tracing: [{ randomSamplingPercentage: 100 }] });
  });
});

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
          { match: [{ port: 9090 }], route: to(9090), timeout: "0s", retries: { attempts: 0 } },
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

describe("namespace and pods", () => {
  test("the namespace asks for proxies, and admits restricted pods only, as without", () => {
    const labels = (mesh: boolean) => namespace(place, mesh).metadata as { labels: Record<string, string> };
    expect(labels(true).labels).toEqual({ ...labels(false).labels, "istio-injection": "enabled" });
    expect(labels(true).labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    expect(labels(false).labels).not.toHaveProperty("istio-injection");
  });

  test("what is installed admits restricted pods, unless it says why not", () => {
    expect(systemNamespace(place, "istio-system").metadata).toMatchObject({ labels: { "pod-security.kubernetes.io/enforce": "restricted" } });
    expect(systemNamespace(place, "istio-cni", "it enters the network of pods").metadata).toMatchObject({
      labels: { "pod-security.kubernetes.io/enforce": "privileged" },
      annotations: { "io.groundplan.reason": "it enters the network of pods" },
    });
  });

  test("proxies start before and end after what they are beside, so that jobs end", () => {
    const annotations = { "sidecar.istio.io/nativeSidecar": "true" };
    const parts = { image: "web" };
    expect(workloadPod(place, part, workload(), { ...parts, mesh: true }).metadata).toMatchObject({ annotations });
    expect(jobPod(place, part, step(), { ...parts, mesh: true }).metadata).toMatchObject({ annotations });
    expect(jobPod(place, part, step(), parts).metadata).not.toHaveProperty("annotations");
  });
});
