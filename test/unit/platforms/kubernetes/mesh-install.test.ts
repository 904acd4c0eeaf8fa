import { beforeAll, describe, expect, test } from "vitest";
import { gatewayApi, meshNamespaces, meshReleases, tracingProviders } from "../../../../src/platforms/kubernetes/mesh/install.ts";
import { type Mesh, meshOf } from "../../../../src/platforms/kubernetes/mesh/mesh.ts";
import { chartsOf, namespaceOf, objectsOf } from "../../../../src/preview/kubernetes.ts";
import type { Plan } from "../../../../src/preview/plan.ts";
import { renderManifests } from "../../../../src/preview/render/manifests.ts";
import { treeOf } from "../../../../src/preview/tree.ts";
import { groundSettings, starterOn } from "../../../support/grounds.ts";
import { settingsOf } from "../../../support/settings.ts";
import { place } from "./specs.ts";

const settings = (profile: string, mesh: object) =>
  settingsOf({ target: "kubernetes", profile, kubernetes: { context: "lab", storageClass: "standard", mesh: { mode: "sidecar", ...mesh } } });
const mesh = (profile: string, more: object = {}) => meshOf(settings(profile, { install: true, ...more })) as Mesh;
const order = ["gateway-api v1.9.0", "cert-manager v1.21.2", "istio-base 1.31.1", "istio-cni 1.31.1", "istiod 1.31.1"];

describe("what is installed", () => {
  test("versions that go together, in the order in which each needs the others", () => {
    const all = [gatewayApi(mesh("prod")), ...meshReleases(mesh("prod"), [])];
    expect(all.map(({ name, version }) => `${name} ${version}`)).toEqual(order);
    expect(all.map(({ chart }) => chart)).toEqual([
      "oci://docker.io/envoyproxy/gateway-crds-helm",
      "oci://quay.io/jetstack/charts/cert-manager",
      "oci://gcr.io/istio-release/charts/base",
      "oci://gcr.io/istio-release/charts/cni",
      "oci://gcr.io/istio-release/charts/istiod",
    ]);
  });

  test("Gateway API alone of its chart, kept definitions of cert-manager, rules that are checked", () => {
    expect(gatewayApi(mesh("prod")).values).toEqual({
      crds: { gatewayAPI: { enabled: true, channel: "standard" }, envoyGateway: { enabled: false } },
    });
    const [certManager, base, cni] = meshReleases(mesh("prod", { controlPlane: "mesh" }), []);
    expect(certManager?.values).toMatchObject({ crds: { enabled: true, keep: true }, config: { enableGatewayAPI: true } });
    expect(base).toMatchObject({ namespace: "mesh", values: { defaultRevision: "default", global: { istioNamespace: "mesh" } } });
    expect(cni?.namespace).toBe("istio-cni");
  });

  test("a control plane as the profile has it: proxies that jobs survive, no privileged container, a closed way out", () => {
    const collector = { system: "telemetry", workload: "telemetry-collector", scheme: "http", port: 4318 };
    const providers = tracingProviders(mesh("prod"), place, collector);
    const istiod = meshReleases(mesh("prod", { trustDomain: "shop.example" }), providers).at(-1);
    expect(istiod?.values).toEqual({
      global: { istioNamespace: "istio-system", proxy: { clusterDomain: "cluster.local" } },
      pilot: {
        cni: { enabled: true },
        env: { ENABLE_NATIVE_SIDECARS: "true" },
        seccompProfile: { type: "RuntimeDefault" },
        replicaCount: 2,
        autoscaleEnabled: true,
        autoscaleMin: 2,
        autoscaleMax: 5,
        resources: { requests: { cpu: "500m", memory: "1Gi" } },
      },
      meshConfig: {
        trustDomain: "shop.example",
        accessLogFile: "",
        outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
        extensionProviders: [
          {
            name: "groundplan-collector",
            opentelemetry: {
              service: "telemetry-collector.shop-prod.svc.cluster.local",
              port: 4318,
              http: { path: "/v1/traces", timeout: "5s" },
            },
          },
        ],
      },
    });
    expect(tracingProviders(mesh("prod"), place, undefined)).toEqual([]);
    expect(meshReleases(mesh("dev"), []).at(-1)?.values).toMatchObject({ pilot: { replicaCount: 1, autoscaleEnabled: false } });
  });

  test("only the agent on the nodes has a namespace that admits more than restricted pods, and it says why", () => {
    expect(meshNamespaces(mesh("prod")).map(({ name, privilegedBecause }) => [name, privilegedBecause !== undefined])).toEqual([
      ["cert-manager", false],
      ["istio-system", false],
      ["istio-cni", true],
    ]);
  });
});

describe("in a plan", () => {
  let plan: Plan;
  let without: Plan;
  beforeAll(async () => {
    const kubernetes = (install: boolean) => ({ kubernetes: { ...groundSettings.kubernetes.kubernetes, mesh: { mode: "sidecar", install } } });
    plan = await starterOn("kubernetes", "prod", kubernetes(true));
    without = await starterOn("kubernetes", "prod", kubernetes(false));
  }, 120_000);

  /** Everything that a resource is made after. */
  function madeAfter(urn: string, seen = new Set<string>()): Set<string> {
    for (const other of plan.resources.find((resource) => resource.urn === urn)?.dependencies ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      madeAfter(other, seen);
    }
    return seen;
  }
  const urns = (wanted: RegExp) => plan.resources.filter(({ type }) => wanted.test(type)).map(({ urn }) => urn);

  test("every pod comes after the webhook that gives it a proxy and after the rules that close it", () => {
    const first = urns(/helm\.sh|:PeerAuthentication$|:Sidecar$|:Telemetry$/);
    const denied = plan.resources.filter(({ name }) => name === "mesh-default-deny").map(({ urn }) => urn);
    expect([...first, ...denied]).toHaveLength(9);
    const makers = urns(/:(Deployment|StatefulSet|Job|CronJob)$/);
    expect(makers.length).toBeGreaterThan(10);
    for (const urn of makers) expect([...madeAfter(urn)]).toEqual(expect.arrayContaining([...first, ...denied]));
    for (const urn of urns(/istio\.io/)) expect([...madeAfter(urn)]).toEqual(expect.arrayContaining(urns(/helm\.sh/)));
  });

  test("data does not keep a control plane from being taken away", () => {
    const charts = urns(/helm\.sh/);
    for (const urn of urns(/:PersistentVolumeClaim$/)) expect([...madeAfter(urn)].filter((other) => charts.includes(other))).toEqual([]);
  });

  test("definitions of Gateway API stay where they are; releases wait, and take back what fails", () => {
    expect(chartsOf(plan).map(({ name, version }) => `${name} ${version}`)).toEqual(order);
    expect(chartsOf(plan).map(({ rendered, resource }) => [rendered, resource.retainOnDelete])).toEqual([
      [true, true],
      ...Array(4).fill([false, undefined]),
    ]);
    for (const { resource } of chartsOf(plan).slice(1)) {
      expect(resource.inputs).toMatchObject({ atomic: true, timeout: 600, createNamespace: false });
      expect(resource.inputs.skipAwait ?? false).toBe(false);
    }
  });

  test("nothing is installed unless asked", () => {
    expect(chartsOf(without)).toEqual([]);
    expect(without.resources.filter(({ type }) => type.endsWith(":Namespace")).map(({ name }) => name)).toEqual(["kubernetes-namespace"]);
    expect(without.warnings.join("\n")).toContain("CNI node agent");
    expect(plan.warnings.join("\n")).not.toContain("CNI node agent");
  });

  test("a chart is no object; the tree begins with it", () => {
    expect(objectsOf(plan).some(({ resource }) => resource.type.includes("helm.sh"))).toBe(false);
    expect(namespaceOf(plan)).toBe("groundplan-prod");
    expect(treeOf(plan).slice(0, 2)).toEqual([
      { depth: 0, kind: "Chart", name: "gateway-api", note: "gateway-crds-helm v1.9.0, stays in the cluster" },
      { depth: 0, kind: "Release", name: "cert-manager", note: "cert-manager v1.21.2" },
    ]);
    expect(treeOf(without)[0]?.kind).toBe("NatsCluster");
  });

  test("a rendered folder installs first, apart from what kubectl applies", () => {
    const files = new Map(renderManifests(plan, "prod").files.map(({ path, content }) => [path, content]));
    const script = files.get("apply.sh") ?? "";
    const steps = script.split("\n").filter((line) => /^(apply|release|definitions) [a-z]/.test(line));
    expect(steps.slice(0, 7)).toEqual([
      "apply install",
      "definitions gateway-api oci://docker.io/envoyproxy/gateway-crds-helm v1.9.0 default",
      "release cert-manager oci://quay.io/jetstack/charts/cert-manager v1.21.2 cert-manager",
      "release istio-base oci://gcr.io/istio-release/charts/base 1.31.1 istio-system",
      "release istio-cni oci://gcr.io/istio-release/charts/cni 1.31.1 istio-cni",
      "release istiod oci://gcr.io/istio-release/charts/istiod 1.31.1 istio-system",
      "apply stack",
    ]);
    expect(files.get("kustomization.yaml")).not.toContain("install");
    expect(files.get("install/kustomization.yaml")).toContain("namespace-istio-system.yaml");
    expect([...files.keys()].filter((path) => path.startsWith("install/resourcequota-")).toSorted()).toEqual(
      ["cert-manager", "istio-cni", "istio-system"].map((name) => `install/resourcequota-${name}-pods.yaml`),
    );
    expect(files.get("install/values-istiod.yaml")).toContain("REGISTRY_ONLY");
    expect(files.get("stack/kustomization.yaml")).not.toContain("namespace-istio-system");
    expect(files.get("README.md")).toContain("helm 3.8 or later");
    const plain = renderManifests(without, "prod").files;
    expect(plain.filter(({ path }) => path.startsWith("install/"))).toEqual([]);
    expect(plain.find(({ path }) => path === "apply.sh")?.content).not.toContain("helm");
  });
});
