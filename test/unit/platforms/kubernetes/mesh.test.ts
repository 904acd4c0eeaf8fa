import { describe, expect, test } from "vitest";
import { namespace, systemNamespace } from "../../../../src/platforms/kubernetes/manifests/namespace.ts";
import { partPolicy } from "../../../../src/platforms/kubernetes/manifests/network-policy.ts";
import { jobPod, workloadPod } from "../../../../src/platforms/kubernetes/manifests/pod.ts";
import { allow, allowPlain, denyAll } from "../../../../src/platforms/kubernetes/mesh/manifests/authorization-policy.ts";
import { sidecar, telemetry, tracing } from "../../../../src/platforms/kubernetes/mesh/manifests/namespace-wide.ts";
import { permissive, strict } from "../../../../src/platforms/kubernetes/mesh/manifests/peer-authentication.ts";
import type { Mesh } from "../../../../src/platforms/kubernetes/mesh/mesh.ts";
import { meshFor, stackLabels, whole } from "./mesh-settings.ts";
import { labelled, part, place, selected, step, workload } from "./specs.ts";

const prod = meshFor("prod");
const own = { matchLabels: selected };
const db = { system: "db", name: "db", ports: [5432] };
const dbPods = { matchLabels: { "io.groundplan.stack": "shop-prod", "io.groundplan.component": "db", "io.groundplan.part": "db" } };

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

describe("namespace and pods", () => {
  test("the namespace asks for proxies, and admits restricted pods only, as without", () => {
    const labels = (mesh: boolean) => namespace(place, mesh).metadata as { labels: Record<string, string> };
    expect(labels(true).labels).toEqual({ ...labels(false).labels, "istio-injection": "enabled" });
    expect(labels(true).labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    expect(labels(false).labels).not.toHaveProperty("istio-injection");
  });

  test("what is installed admits restricted pods, unless it says why not", () => {
    expect(systemNamespace(place, "istio-system").metadata).toMatchObject({ labels: { "pod-security.kubernetes.io/enforce": "restricted" } });
    expect(systemNamespace(place, "istio-cni", { privilegedBecause: "it enters the network of pods" }).metadata).toMatchObject({
      labels: { "pod-security.kubernetes.io/enforce": "privileged" },
      annotations: { "io.groundplan.reason": "it enters the network of pods" },
    });
  });

  test("proxies start before and end after what they are beside, so that jobs end", () => {
    const annotations = { "sidecar.istio.io/nativeSidecar": "true" };
    const parts = { image: "web" };
    expect(workloadPod(place, part, workload(), { ...parts, mesh: {} }).metadata).toMatchObject({ annotations });
    expect(jobPod(place, part, step(), { ...parts, mesh: {} }).metadata).toMatchObject({ annotations });
    const installed = workloadPod(place, part, workload(), { ...parts, mesh: { proxy: "1.31.1" } }).metadata;
    expect(installed).toMatchObject({ annotations: { ...annotations, "io.groundplan.proxy": "1.31.1" } });
    expect(jobPod(place, part, step(), parts).metadata).not.toHaveProperty("annotations");
  });
});
