import type { core, networking } from "@pulumi/kubernetes/types/input.js";
import { labelKeys } from "../../../src/core/labels.ts";
import { stackPrefix } from "../../../src/core/naming.ts";
import { labels, metadata, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { sidecarPort } from "../scrapes.ts";

/** Name that leads to the sidecars of a component. */
export const sidecarsName = (stack: string, component: string) => `${stack}-mesh-${component}`;

/** All servers of a component, whatever their workloads are. */
const serversOf = ({ id }: Place, component: string) => ({
  [labelKeys.stack]: stackPrefix(id),
  [labelKeys.component]: component,
  [labelKeys.role]: "server",
});

const port = { protocol: "TCP", port: sidecarPort };

/** Sidecars by their own addresses, ready or not. */
export const sidecarsService = (place: Place, stack: string, component: string): core.v1.Service => ({
  metadata: {
    name: sidecarsName(stack, component),
    namespace: place.namespace,
    labels: labels(place, { system: stack, name: sidecarsName(stack, component), role: "network" }),
    // For Prometheus alone, by name: no sidecar is told of it, as none may listen where it has its own figures.
    annotations: { "pulumi.com/skipAwait": "true", "networking.istio.io/exportTo": "~" },
  },
  spec: {
    type: "ClusterIP",
    clusterIP: "None",
    publishNotReadyAddresses: true,
    selector: serversOf(place, component),
    // A port of the sidecar, which no container of ours declares.
    ports: [{ name: "http-envoy-prom", port: sidecarPort, targetPort: sidecarPort, protocol: "TCP", appProtocol: "http" }],
  },
});

/** Prometheus may ask the sidecars of these components for their figures. */
export const sidecarsEgress = (place: Place, prometheus: Part, components: readonly string[]): networking.v1.NetworkPolicy => ({
  metadata: metadata(place, prometheus, `${prometheus.name}-to-sidecars`),
  spec: {
    podSelector: { matchLabels: selector(place, prometheus) },
    policyTypes: ["Egress"],
    egress: [{ to: components.map((component) => ({ podSelector: { matchLabels: serversOf(place, component) } })), ports: [port] }],
  },
});

/** The same from their side; a sidecar answers there in plain text, and with figures only. */
export const sidecarsIngress = (place: Place, prometheus: Part, component: string): networking.v1.NetworkPolicy => ({
  metadata: metadata(place, prometheus, `${prometheus.name}-to-sidecars-${component}`),
  spec: {
    podSelector: { matchLabels: serversOf(place, component) },
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: { matchLabels: selector(place, prometheus) } }], ports: [port] }],
  },
});
