import type { WorkloadSpec } from "../../../../core/workload.ts";
import type { CustomManifest } from "../../custom-object.ts";
import { appProtocol, metadata, nodesName, type Part, type Place } from "../../manifests/names.ts";
import type { Mesh } from "../mesh.ts";
import { hostOf, istioNetworking, ownNamespace } from "./names.ts";

/** Always said: what is left open here would be plain text to a server that takes none. */
const tls = { mode: "ISTIO_MUTUAL" };

/** What one proxy may ask of one server at most. Beyond it a request fails at once: a queue that grows is no help. */
const connectionPool = {
  tcp: {
    // As Envoy has it; Istio takes the limit away.
    maxConnections: 1024,
    // Within a cluster an answer takes milliseconds; the half of what clients usually wait.
    connectTimeout: "5s",
    // Pools keep connections that are idle for hours: a proxy must not cut them behind their backs.
    idleTimeout: "0s",
    // What died without a word is found before firewalls forget connections, many after 350 s.
    tcpKeepalive: { time: "120s", interval: "30s", probes: 4 },
  },
  http: {
    http1MaxPendingRequests: 1024,
    http2MaxRequests: 1024,
    // New replicas get their share of what is sent over connections that never end.
    maxRequestsPerConnection: 10_000,
    idleTimeout: "900s",
    // Each retry is another request: a server that is down must not get more of them than when it is up.
    maxRetries: 10,
  },
};

/** A replica that cannot be reached is left out for a while. An answer of the service, 500 included, is no failure of a replica. */
const outlierDetection = {
  consecutiveGatewayErrors: 5,
  consecutive5xxErrors: 0,
  interval: "10s",
  baseEjectionTime: "30s",
  maxEjectionPercent: 50,
  // With most of them ill it is not the replicas: all are asked again.
  minHealthPercent: 50,
};

/**
 * Members with a state of their own are no choice: each holds what the others do not. And with one replica there is nobody
 * else to ask.
 */
const alike = ({ identity, volumes, replicas, autoscale }: WorkloadSpec) =>
  identity === "any" && volumes.length === 0 && Math.max(replicas, autoscale?.max ?? 1) > 1;

const poolOf = ({ ports }: WorkloadSpec) =>
  Object.values(ports).some((port) => appProtocol(port) !== "tcp") ? connectionPool : { tcp: connectionPool.tcp };

/** How clients connect to a workload. */
export const destinationRule = (place: Place, part: Part, spec: WorkloadSpec, { clusterDomain }: Mesh): CustomManifest => ({
  apiVersion: istioNetworking,
  kind: "DestinationRule",
  metadata: metadata(place, part),
  spec: {
    host: hostOf(part.name, place.namespace, clusterDomain),
    exportTo: ownNamespace,
    trafficPolicy: { tls, connectionPool: poolOf(spec), ...(alike(spec) ? { outlierDetection } : {}) },
  },
});

/** How single pods are reached by their own names: by the same identity, and never another one instead. */
export const nodesRule = (place: Place, part: Part, { clusterDomain }: Mesh): CustomManifest => ({
  apiVersion: istioNetworking,
  kind: "DestinationRule",
  metadata: metadata(place, part, nodesName(part.name)),
  spec: {
    host: hostOf(nodesName(part.name), place.namespace, clusterDomain),
    exportTo: ownNamespace,
    trafficPolicy: { tls, connectionPool: { tcp: connectionPool.tcp } },
  },
});
