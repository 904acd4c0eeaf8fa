import { isIPv4 } from "node:net";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import { namespaceOf, type OutsideAddress } from "../../../core/outside.ts";
import { type Labels, metadata, type Part, type Place, selector, stackLabels } from "./names.ts";

/** Pods that listen, and on which ports. */
export interface Server {
  readonly system: string;
  readonly name: string;
  readonly ports: readonly number[];
}

/** Nothing may come in or go out, for every pod of the namespace; the other policies open what is declared. */
export const defaultDeny = ({ id, namespace }: Place): networking.v1.NetworkPolicy => ({
  metadata: { name: "default-deny", namespace, labels: stackLabels(id) },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});

export interface Outward {
  /** Servers that it is bound to. */
  readonly servers: readonly Server[];
  /** What it declares outside, and the systems there that it is bound to. */
  readonly egress: readonly OutsideAddress[];
  /** Ports on which replicas reach each other. */
  readonly siblings: readonly number[];
  /** Where names are resolved. @default where clusters have it as a rule */
  readonly nameServers?: readonly string[] | undefined;
  /** Namespace of the control plane of a mesh, which gives its proxy a certificate. @default none */
  readonly controlPlane?: string | undefined;
}

/** What one part may reach, and its siblings it. */
export function partPolicy(place: Place, part: Part, { servers, egress, siblings, nameServers, controlPlane }: Outward): networking.v1.NetworkPolicy {
  const own = selector(place, part);
  const among = siblings.length > 0;
  return {
    metadata: metadata(place, part),
    spec: {
      podSelector: { matchLabels: own },
      policyTypes: ["Ingress", "Egress"],
      // No rule, not an empty list of them: the API server drops that, and the next apply would see a difference.
      ...(among ? { ingress: [{ from: [pods(own)], ports: tcp(siblings) }] } : {}),
      egress: [
        ...nameResolution(nameServers ?? usualNameServers),
        ...(controlPlane === undefined ? [] : [certificates(controlPlane)]),
        ...servers.map((server) => ({ to: [pods(selector(place, server))], ports: tcp(server.ports) })),
        ...(among ? [{ to: [pods(own)], ports: tcp(siblings) }] : []),
        ...outside(egress),
      ],
    },
  };
}

/** The server's side of a binding: this client, on these ports. */
export const admission = (place: Place, client: Part, server: Server): networking.v1.NetworkPolicy => ({
  metadata: metadata(place, client, admissionName(client, server)),
  spec: {
    podSelector: { matchLabels: selector(place, server) },
    policyTypes: ["Ingress"],
    ingress: [{ from: [pods(selector(place, client))], ports: tcp(server.ports) }],
  },
});

export const admissionName = (client: Pick<Part, "name">, server: Pick<Server, "name">) => `${client.name}-to-${server.name}`;

const pods = (matchLabels: Labels): networking.v1.NetworkPolicyPeer => ({ podSelector: { matchLabels } });

const tcp = (ports: readonly number[]): networking.v1.NetworkPolicyPort[] =>
  [...new Set(ports)].toSorted((a, b) => a - b).map((port) => ({ protocol: "TCP", port }));

/** The namespace of the cluster's name servers, and the address under which a cache on the node answers where there is one. */
const usualNameServers = ["kube-system", "169.254.20.10"];

/** Namespaces and addresses, each with its port; a rule for each port. */
function nameResolution(nameServers: readonly string[]): networking.v1.NetworkPolicyEgressRule[] {
  const servers = nameServers.map((server) => {
    const [where = "", port = "53"] = server.split(":");
    return { port: Number(port), peer: isIPv4(where) ? { ipBlock: { cidr: `${where}/32` } } : namespace(where) };
  });
  return [...Map.groupBy(servers, ({ port }) => port)].map(([port, all]) => ({
    to: all.map(({ peer }) => peer),
    ports: [
      { protocol: "UDP", port },
      { protocol: "TCP", port },
    ],
  }));
}

const namespace = (name: string): networking.v1.NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

/** Where a proxy of a mesh gets its certificate and its rules: istiod alone, on the port with TLS. */
const certificates = (controlPlane: string): networking.v1.NetworkPolicyEgressRule => ({
  to: [{ ...namespace(controlPlane), podSelector: { matchLabels: { app: "istiod" } } }],
  ports: tcp([15012]),
});

/** Private, shared and link-local ranges: what is inside, and the metadata services of clouds. */
const inside = {
  "0.0.0.0/0": ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
  "::/0": ["fc00::/7", "fe80::/10"],
};
const anywhereOutside = Object.entries(inside).map(([cidr, except]) => ({ ipBlock: { cidr, except } }));

/** A policy knows addresses and namespaces, not names: another name that is declared opens its port to everything outside. */
function outside(egress: readonly OutsideAddress[]): networking.v1.NetworkPolicyEgressRule[] {
  const unknown = egress.filter((address) => peerOf(address) === undefined).map(({ port }) => port);
  return [
    ...(unknown.length > 0 ? [{ to: anywhereOutside, ports: tcp(unknown) }] : []),
    ...egress.flatMap((address) => {
      const peer = peerOf(address);
      return peer ? [{ to: [peer], ports: tcp([address.port]) }] : [];
    }),
  ];
}

function peerOf({ host, cidr }: OutsideAddress): networking.v1.NetworkPolicyPeer | undefined {
  const block = cidr ?? (isIPv4(host) ? `${host}/32` : undefined);
  if (block !== undefined) return { ipBlock: { cidr: block } };
  const service = namespaceOf(host);
  return service === undefined ? undefined : namespace(service);
}
