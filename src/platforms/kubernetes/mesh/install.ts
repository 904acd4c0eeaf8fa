import type { Input } from "@pulumi/pulumi";
import type { AheadSpec } from "../../../core/platform.ts";
import type { Place } from "../manifests/names.ts";
import { hostOf } from "./manifests/names.ts";
import { type Mesh, ownTracingProvider } from "./mesh.ts";

/** A chart of an installation, and where it goes. */
export interface MeshChart {
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A namespace of an installation; what it admits beyond restricted pods needs its reason. */
export interface MeshNamespace {
  readonly name: string;
  /** Most pods in it: far more than it ever needs, and far fewer than a cluster has. */
  readonly pods: number;
  readonly privilegedBecause?: string;
}

const nodeAgents = "istio-cni";
const certificates = "cert-manager";

/**
 * The agent on the nodes is apart from the control plane, so that one namespace alone admits what it needs: with it no pod
 * of the stack needs a container that may change its network.
 */
export const meshNamespaces = ({ controlPlane }: Mesh): readonly MeshNamespace[] => [
  { name: certificates, pods: 50 },
  { name: controlPlane, pods: 50 },
  {
    name: nodeAgents,
    // One for each node; a cluster has 5000 nodes at most.
    pods: 5000,
    privilegedBecause: "the agent on each node redirects the traffic of pods to their proxies: it enters their network, from the host",
  },
];

/**
 * The definitions of Gateway API, which no chart of Istio has. This one is kept by Envoy Gateway. It is rendered, not
 * released: with its templates a release is larger than the 1 MiB that a Secret holds (envoyproxy/gateway#6105).
 */
export const gatewayApi = ({ versions }: Mesh): MeshChart => ({
  name: "gateway-api",
  chart: "oci://docker.io/envoyproxy/gateway-crds-helm",
  version: versions.gatewayApi,
  namespace: "default",
  values: { crds: { gatewayAPI: { enabled: true, channel: "standard" }, envoyGateway: { enabled: false } } },
});

const istioChart = (name: string) => `oci://gcr.io/istio-release/charts/${name}`;

/** Releases in their order: each needs those before it. */
export const meshReleases = (mesh: Mesh, tracing: Input<readonly object[]>): readonly MeshChart[] => [
  {
    name: "cert-manager",
    chart: "oci://quay.io/jetstack/charts/cert-manager",
    version: mesh.versions.certManager,
    namespace: certificates,
    values: {
      // Kept when the release goes: with the definitions every certificate of the cluster would go, too.
      crds: { enabled: true, keep: true },
      config: { apiVersion: "controller.config.cert-manager.io/v1alpha1", kind: "ControllerConfiguration", enableGatewayAPI: true },
    },
  },
  {
    name: "istio-base",
    chart: istioChart("base"),
    version: mesh.versions.istio,
    namespace: mesh.controlPlane,
    // Without a default revision nothing checks what is written into the objects of the mesh.
    values: { defaultRevision: "default", global: { istioNamespace: mesh.controlPlane } },
  },
  {
    name: "istio-cni",
    chart: istioChart("cni"),
    version: mesh.versions.istio,
    namespace: nodeAgents,
    // Some clusters admit pods that nodes depend on to kube-system alone, unless a quota says otherwise.
    values: { resourceQuotas: { enabled: true } },
  },
  {
    name: "istiod",
    chart: istioChart("istiod"),
    version: mesh.versions.istio,
    namespace: mesh.controlPlane,
    values: controlPlane(mesh, tracing),
  },
];

function controlPlane({ controlPlane: istioNamespace, trustDomain, clusterDomain, sizes }: Mesh, tracing: Input<readonly object[]>) {
  const { min, max } = sizes.controlPlaneReplicas;
  return {
    global: { istioNamespace, proxy: { clusterDomain } },
    pilot: {
      cni: { enabled: true },
      env: { ENABLE_NATIVE_SIDECARS: "true" },
      seccompProfile: { type: "RuntimeDefault" },
      replicaCount: min,
      autoscaleEnabled: max > min,
      autoscaleMin: min,
      autoscaleMax: max,
      resources: { requests: sizes.controlPlane },
    },
    meshConfig: {
      trustDomain,
      // Telemetry of each namespace says what is logged.
      accessLogFile: "",
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
      extensionProviders: tracing,
    },
  };
}

/** Where proxies bring their spans: the collector of the stack, once there is one, by OTLP over HTTP as everything else. */
export const tracingProviders = ({ clusterDomain }: Mesh, { namespace }: Place, collector: AheadSpec | undefined): readonly object[] =>
  collector
    ? [
        {
          name: ownTracingProvider,
          opentelemetry: {
            service: hostOf(collector.workload, namespace, clusterDomain),
            port: collector.port,
            http: { path: "/v1/traces", timeout: "5s" },
          },
        },
      ]
    : [];
