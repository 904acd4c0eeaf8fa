import { isIPv4 } from "node:net";
import { shortHash } from "../../../../core/naming.ts";
import type { OutsideAddress } from "../../../../core/outside.ts";
import type { CustomManifest } from "../../custom-object.ts";
import { type Place, stackLabels } from "../../manifests/names.ts";
import { istioNetworking, ownNamespace } from "./names.ts";

/** What is spoken outside, by the port that is registered for it. Only these two say in the open whom they are meant for. */
const protocols: Readonly<Record<number, string>> = { 80: "HTTP", 443: "TLS" };

/** Whether proxies tell this host from another one on the same port; otherwise they know the address alone. */
export const isToldApart = ({ host, port, cidr }: OutsideAddress) => cidr !== undefined || isIPv4(host) || protocols[port] !== undefined;

export const entryName = ({ host, port }: OutsideAddress) => {
  const name = `egress-${host
    .replace("*.", "any-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-")}-${port}`;
  return name.length <= 63 ? name : `${name.slice(0, 54)}-${shortHash(name).slice(0, 8)}`;
};

/** A declared host outside: proxies pass on what goes there. Which workload may go is the matter of the network policies. */
export function serviceEntry({ id, namespace }: Place, rule: OutsideAddress): CustomManifest {
  const address = isIPv4(rule.host);
  const { cidr } = rule;
  const protocol = (address ? undefined : protocols[rule.port]) ?? "TCP";
  return {
    apiVersion: istioNetworking,
    kind: "ServiceEntry",
    metadata: { name: entryName(rule), namespace, labels: stackLabels(id) },
    spec: {
      // An address has no name; this one is asked of nobody.
      hosts: [address ? `${rule.host.replaceAll(".", "-")}.egress.internal` : rule.host],
      exportTo: ownNamespace,
      location: "MESH_EXTERNAL",
      ports: [{ number: rule.port, name: `${protocol.toLowerCase()}-${rule.port}`, protocol }],
      ...(cidr !== undefined
        ? { addresses: [cidr], resolution: "NONE" }
        : address
          ? { addresses: [rule.host], resolution: "STATIC", endpoints: [{ address: rule.host }] }
          : // Below a wildcard nobody knows which names there are: the caller has looked one up.
            { resolution: rule.host.startsWith("*.") ? "NONE" : "DNS" }),
    },
  };
}
