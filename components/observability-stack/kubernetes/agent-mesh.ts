import type { CustomManifest } from "../../../src/platforms/kubernetes/custom-object.ts";
import { metadata, type Part, type Place, selector, stackLabels } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { Server } from "../../../src/platforms/kubernetes/manifests/network-policy.ts";
import type { Mesh } from "../../../src/platforms/kubernetes/mesh/mesh.ts";

/** Agents know the way to the collector and to the control plane, and their proxies pass on nothing else. */
export const agentWayOut = ({ id, namespace }: Place, home: Place, collector: Server, { controlPlane, clusterDomain }: Mesh): CustomManifest => ({
  apiVersion: "networking.istio.io/v1",
  kind: "Sidecar",
  metadata: { name: "default", namespace, labels: stackLabels(id) },
  spec: {
    egress: [{ hosts: [`${home.namespace}/${collector.name}.${home.namespace}.svc.${clusterDomain}`, `${controlPlane}/*`] }],
    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
  },
});

/** The collector takes lines from the agents by their identity, as it takes calls from each service that is bound to it. */
export const agentAuthorization = (home: Place, part: Part, collector: Server, principal: string): CustomManifest => ({
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  metadata: metadata(home, part, `${part.name}-to-${collector.name}`),
  spec: {
    selector: { matchLabels: selector(home, collector) },
    action: "ALLOW",
    rules: [{ from: [{ source: { principals: [principal] } }], to: [{ operation: { ports: collector.ports.map(String) } }] }],
  },
});
