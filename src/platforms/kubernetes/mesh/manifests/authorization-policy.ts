import type { CustomManifest } from "../../custom-object.ts";
import { metadata, type Part, type Place, reasonKey, selector, stackLabels } from "../../manifests/names.ts";
import { admissionName, type Server } from "../../manifests/network-policy.ts";
import { istioSecurity } from "./names.ts";

/** An empty rule allows nothing to anybody, for every pod of the namespace. */
export const denyAll = ({ id, namespace }: Place): CustomManifest => ({
  apiVersion: istioSecurity,
  kind: "AuthorizationPolicy",
  metadata: { name: "default-deny", namespace, labels: stackLabels(id) },
  spec: {},
});

/** Who a part is in the mesh: each has a service account of its own, called like it. */
const principal = ({ namespace }: Place, { name }: Pick<Part, "name">, trustDomain: string) => `${trustDomain}/ns/${namespace}/sa/${name}`;

/** The server's side of a binding, as its network policy says it: this client, on these ports. */
export const allow = (place: Place, client: Part, server: Server, trustDomain: string): CustomManifest => ({
  apiVersion: istioSecurity,
  kind: "AuthorizationPolicy",
  metadata: metadata(place, client, admissionName(client, server)),
  spec: {
    selector: { matchLabels: selector(place, server) },
    action: "ALLOW",
    rules: [{ from: [{ source: { principals: [principal(place, client, trustDomain)] } }], to: [{ operation: { ports: texts(server.ports) } }] }],
  },
});

/**
 * The other half of an exception to mutual TLS: who has no identity may call these ports. It lets nobody in who has one,
 * and whom the network policies keep out stays out.
 */
export const allowPlain = (place: Place, part: Part, ports: readonly number[], reason: string): CustomManifest => ({
  apiVersion: istioSecurity,
  kind: "AuthorizationPolicy",
  metadata: metadata(place, part, `plain-to-${part.name}`, { [reasonKey]: reason }),
  spec: {
    selector: { matchLabels: selector(place, part) },
    action: "ALLOW",
    rules: [{ from: [{ source: { notPrincipals: ["*"] } }], to: [{ operation: { ports: texts(ports) } }] }],
  },
});

const texts = (ports: readonly number[]) => [...new Set(ports)].toSorted((a, b) => a - b).map(String);
