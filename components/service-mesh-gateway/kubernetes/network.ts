import type { networking } from "@pulumi/kubernetes/types/input.js";
import type { CustomManifest } from "../../../src/platforms/kubernetes/custom-object.ts";
import { metadata, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel } from "../model.ts";
import { namesOf, ports } from "./names.ts";

const tcp = (...numbers: readonly number[]) => numbers.map((port) => ({ protocol: "TCP", port }));

/**
 * The one part of the stack that everybody outside may reach, on its two ports. Without a mesh, whose pods all know their
 * control plane, it must reach the one of Istio to be told what to serve.
 */
export const entryPolicy = (place: Place, part: Part, controlPlane: boolean): networking.v1.NetworkPolicy => ({
  metadata: metadata(place, part, namesOf(part.name).entry),
  spec: {
    podSelector: { matchLabels: selector(place, part) },
    policyTypes: controlPlane ? ["Ingress", "Egress"] : ["Ingress"],
    ingress: [{ ports: tcp(ports.http, ports.https) }],
    ...(controlPlane ? { egress: [{ to: [inNamespace("istio-system")], ports: tcp(15_012) }] } : {}),
  },
});

const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

/** Port of the pods by which an authority of ACME is answered; cert-manager fixes it. */
const solverPort = 8089;
const solver = { podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } } };

/** The way of an authority's question: through the gateway to the pod that answers it. */
export function solverPolicies(place: Place, part: Part): networking.v1.NetworkPolicy[] {
  const { solvers } = namesOf(part.name);
  const own = { matchLabels: selector(place, part) };
  return [
    {
      metadata: metadata(place, part, solvers),
      spec: {
        podSelector: solver.podSelector,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: own }], ports: tcp(solverPort) }],
      },
    },
    {
      metadata: metadata(place, part, `${solvers}-out`),
      spec: { podSelector: own, policyTypes: ["Egress"], egress: [{ to: [solver], ports: tcp(solverPort) }] },
    },
  ];
}

/**
 * Everybody outside may ask the gateway; which requests go on is what its routes say. Who comes by TLS from outside shows no
 * identity of the mesh, and nobody who has one is let in by it.
 */
export const entryAuthorization = (place: Place, part: Part, { api }: Pick<GatewayModel, "api">): CustomManifest => ({
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  metadata: metadata(place, part, namesOf(part.name).entry),
  spec: {
    ...(api === "istio"
      ? { selector: { matchLabels: selector(place, part) } }
      : { targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: part.name }] }),
    action: "ALLOW",
    rules: [{ from: [{ source: { notPrincipals: ["*"] } }], to: [{ operation: { ports: [String(ports.http), String(ports.https)] } }] }],
  },
});
