import type { PolicyCases } from "../cases.ts";
import { inShop, namespace } from "../kubernetes-objects.ts";

const gateway = (...servers: Record<string, unknown>[]) => [
  inShop("networking.istio.io/v1:Gateway", "edge", { selector: { istio: "ingressgateway" }, servers }),
];
const hosts = ["www.shop.example"];
const http = (tls: Record<string, unknown> = {}) => ({ port: { number: 80, name: "http", protocol: "HTTP" }, hosts, tls });
const https = (tls: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  port: { number: 443, name: "https", protocol: "HTTPS" },
  hosts,
  tls,
  ...more,
});
const certificate = { mode: "SIMPLE", credentialName: "web-tls" };
const redirect = http({ httpsRedirect: true });

const member = namespace({ "istio-injection": "enabled" });
const sidecar = (mode: string, more: Record<string, unknown> = {}) =>
  inShop("networking.istio.io/v1:Sidecar", "out", { outboundTrafficPolicy: { mode }, egress: [{ hosts: ["./*"] }], ...more });
const entry = (spec: Record<string, unknown>) => inShop("networking.istio.io/v1:ServiceEntry", "bank", spec);
const closed = sidecar("REGISTRY_ONLY");

export const istioEdgeCases: Readonly<Record<string, PolicyCases>> = {
  "istio-gateway-tls": {
    compliant: [
      { title: "a certificate, and a redirect to it", resources: gateway(redirect, https({ ...certificate, minProtocolVersion: "TLSV1_2" })) },
      { title: "TLS that goes through", resources: gateway(https({ mode: "PASSTHROUGH" })) },
      { title: "a port of a database", resources: gateway({ port: { number: 5432, protocol: "TCP" }, hosts: ["shop/db.shop.example"] }) },
    ],
    violating: [
      { title: "a port without TLS", resources: gateway(http()), finds: ["edge: spec.servers[0].tls.httpsRedirect"] },
      {
        title: "an old version of TLS",
        resources: gateway(redirect, https({ ...certificate, minProtocolVersion: "TLSV1_1" })),
        finds: ["edge: spec.servers[1].tls.minProtocolVersion"],
      },
      {
        title: "every host",
        resources: gateway(https(certificate, { hosts: ["*"] }), https(certificate, { hosts: ["shop/*"] })),
        finds: ["edge: spec.servers[0].hosts[0]", "edge: spec.servers[1].hosts[0]"],
      },
      { title: "no certificate", resources: gateway(https({ mode: "SIMPLE" })), finds: ["edge: spec.servers[0].tls.credentialName"] },
    ],
    reads: {
      "edge: spec.servers[0].tls.httpsRedirect": ["edge: spec.servers[0].tls.httpsRedirect"],
      "edge: spec.servers[1].tls.credentialName": ["edge: spec.servers[1].tls.credentialName"],
      "edge: spec.servers[1].tls.minProtocolVersion": [],
      "edge: spec.servers[1].hosts": [],
      "edge: spec.servers[1].port.protocol": [],
    },
  },
  "istio-egress": {
    compliant: [
      {
        title: "only what is registered",
        resources: [member, closed, entry({ hosts: ["api.bank.example"], resolution: "DNS", location: "MESH_EXTERNAL" })],
      },
      {
        title: "closed for the whole mesh",
        resources: [member, { ...closed, inputs: { ...closed.inputs, metadata: { name: "out", namespace: "istio-system" } } }],
      },
      {
        title: "closed where Istio is installed",
        resources: [member, inShop("helm.sh/v3:Release", "istiod", undefined), installed()],
      },
      { title: "an ambient mesh, which has no sidecars", resources: [namespace({ "istio.io/dataplane-mode": "ambient" })] },
      { title: "a stack without a mesh", resources: [namespace()] },
    ],
    violating: [
      { title: "open by default", resources: [member], finds: ["shop: "] },
      {
        title: "closed for one workload only",
        resources: [member, sidecar("REGISTRY_ONLY", { workloadSelector: { labels: { app: "web" } } })],
        finds: ["shop: "],
      },
      { title: "open on purpose", resources: [member, sidecar("ALLOW_ANY")], finds: ["out: spec.outboundTrafficPolicy.mode"] },
      { title: "every host of a domain", resources: [member, closed, entry({ hosts: ["*.bank.example"] })], finds: ["bank: spec.hosts[0]"] },
    ],
    reads: {
      "out: spec.outboundTrafficPolicy.mode": ["shop: "],
      "out: metadata.namespace": ["shop: "],
      "bank: spec.resolution": [],
    },
  },
};

/** A Helm release whose values say how the mesh behaves. */
function installed() {
  const release = inShop("helm.sh/v3:Release", "mesh", undefined);
  return { ...release, inputs: { ...release.inputs, chart: "istiod", values: { meshConfig: { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } } } } };
}
