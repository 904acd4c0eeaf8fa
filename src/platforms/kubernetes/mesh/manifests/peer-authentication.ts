import type { CustomManifest } from "../../custom-object.ts";
import { metadata, type Part, type Place, reasonKey, selector, stackLabels } from "../../manifests/names.ts";
import { istioSecurity } from "./names.ts";

/** Every pod of the namespace takes connections by mutual TLS only. */
export const strict = ({ id, namespace }: Place): CustomManifest => ({
  apiVersion: istioSecurity,
  kind: "PeerAuthentication",
  metadata: { name: "default", namespace, labels: stackLabels(id) },
  spec: { mtls: { mode: "STRICT" } },
});

/** Ports of one workload that take plain connections, too; all its others stay closed to them. */
export const permissive = (place: Place, part: Part, ports: readonly number[], reason: string): CustomManifest => ({
  apiVersion: istioSecurity,
  kind: "PeerAuthentication",
  metadata: metadata(place, part, part.name, { [reasonKey]: reason }),
  spec: {
    selector: { matchLabels: selector(place, part) },
    mtls: { mode: "STRICT" },
    portLevelMtls: Object.fromEntries(ports.map((port) => [String(port), { mode: "PERMISSIVE" }])),
  },
});
