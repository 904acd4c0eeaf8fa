import type { core } from "@pulumi/kubernetes/types/input.js";
import type { CustomManifest } from "../../../src/platforms/kubernetes/custom-object.ts";
import { cpuQuantity } from "../../../src/platforms/kubernetes/manifests/container.ts";
import { metadata, nodesName, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel } from "../model.ts";
import { envoyPorts, listeners, namesOf, podLabels, ports } from "./names.ts";

/**
 * The Gateway. Its names are told by the routes, and one listener has them all: a browser that has a connection to one host
 * asks for another one of the same certificate on it, and a listener of its own would not know that host.
 */
export function gateway(place: Place, part: Part, gatewayClass: string): CustomManifest {
  const names = namesOf(part.name);
  const istio = gatewayClass === "istio";
  const from = { namespaces: { from: "Same" } };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: istio
      ? // Account, Deployment and Service are called as those of all other parts are.
        metadata(place, part, part.name, { "gateway.istio.io/name-override": part.name, "gateway.istio.io/service-account": part.name })
      : metadata(place, part),
    spec: {
      gatewayClassName: gatewayClass,
      infrastructure: {
        labels: podLabels(place, part),
        ...(istio ? { parametersRef: { group: "", kind: "ConfigMap", name: names.parameters } } : {}),
      },
      listeners: [
        { name: listeners.http, port: ports.http, protocol: "HTTP", allowedRoutes: from },
        {
          name: listeners.https,
          port: ports.https,
          protocol: "HTTPS",
          tls: { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: names.certificate }] },
          allowedRoutes: from,
        },
      ],
    },
  };
}

/** What Istio lays over the objects that it makes for the Gateway. It is read again whenever it changes. */
export const parameters = (place: Place, part: Part, model: Pick<GatewayModel, "replicas" | "resources">) => ({
  metadata: metadata(place, part, namesOf(part.name).parameters),
  data: {
    deployment: JSON.stringify({ spec: deploymentSpec(place, part, model) }),
    // The address of the client, which limits of rate count by, is lost on the way through another node.
    service: JSON.stringify({ spec: { externalTrafficPolicy: "Local" } }),
    serviceAccount: JSON.stringify({ automountServiceAccountToken: false }),
    ...(model.replicas > 1
      ? { podDisruptionBudget: JSON.stringify({ spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" } }) }
      : {}),
  },
});

const deploymentSpec = (place: Place, part: Part, { replicas, resources }: Pick<GatewayModel, "replicas" | "resources">) => ({
  replicas,
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
  template: {
    spec: {
      // Istio's own template names no profile, and without one the namespace admits no pod.
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ name: "istio-proxy", resources: proxyResources(resources) }],
      ...(replicas > 1 ? { topologySpreadConstraints: spreading(place, part) } : {}),
    },
  },
});

/** Over zones and nodes where it can. */
export const spreading = (place: Place, part: Part) =>
  ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: selector(place, part) },
  }));

/** The number of workers follows the limit of CPU, so this one container has a limit: a whole CPU for each one begun. */
export const proxyResources = ({ memoryMiB, cpus }: GatewayModel["resources"]) => ({
  requests: { cpu: cpuQuantity(cpus), memory: `${memoryMiB}Mi` },
  limits: { cpu: cpuQuantity(Math.ceil(cpus)), memory: `${memoryMiB}Mi` },
});

/** Each replica by itself; the Service that clients use has the ports of the listeners alone. */
export const nodesService = (place: Place, part: Part): core.v1.Service => ({
  metadata: metadata(place, part, nodesName(part.name), { "pulumi.com/skipAwait": "true" }),
  spec: {
    type: "ClusterIP",
    clusterIP: "None",
    publishNotReadyAddresses: true,
    selector: selector(place, part),
    ports: [{ name: "http-metrics", port: envoyPorts.metrics, targetPort: envoyPorts.metrics, protocol: "TCP", appProtocol: "http" }],
  },
});
