import { each, inTurn, namespaceType } from "../cluster.ts";
import { holdingFor, istio, membership, meshNamespaces } from "../mesh.ts";
import type { Policy, Stack } from "../model.ts";
import { below, isTrue, list, record, records, shown, text } from "../read.ts";

const plain = ["HTTP", "HTTP2", "GRPC", "GRPC-WEB"];
const weakVersions = ["TLSV1_0", "TLSV1_1"];
/** Modes that need no certificate here: TLS goes through, or is that of the mesh. */
const withoutCertificate = ["PASSTHROUGH", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL"];

const gatewayTls: Policy = {
  id: "istio-gateway-tls",
  title: "Gateways of the mesh answer by TLS 1.2 or later, for named hosts",
  severity: "high",
  why: "What enters without TLS is read on the way; old versions of TLS are broken; a gateway for every host lets any namespace take requests by a route of its own.",
  fix: "Set tls.httpsRedirect: true on a server with HTTP, tls.credentialName and no minProtocolVersion below TLSV1_2 on the others, and write hosts out, with their namespace where routes come from one.",
  types: istio("networking", "Gateway"),
  scope: "resource",
  references: ["Istio security best practices", "IST0101"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check({ inputs }) {
    for (const [index, { port, hosts, tls }] of records(below(inputs, "spec.servers"))) {
      const path = `spec.servers[${index}]`;
      const { mode = "SIMPLE", httpsRedirect, credentialName, credentialNames, serverCertificate, minProtocolVersion } = record(tls);
      const protocol = text(record(port).protocol)?.toUpperCase() ?? "";
      for (const [at, host] of list(hosts).entries()) {
        if (/(^|\/)\*$/.test(text(host) ?? "")) yield { path: `${path}.hosts[${at}]`, is: `${shown(host)}: it takes the requests of every host` };
      }
      if (plain.includes(protocol)) {
        if (!isTrue(httpsRedirect)) yield { path: `${path}.tls.httpsRedirect`, is: `${shown(httpsRedirect)}: the server answers without TLS` };
        continue;
      }
      if (protocol !== "HTTPS" && protocol !== "TLS") continue;
      if (weakVersions.includes(text(minProtocolVersion) ?? ""))
        yield { path: `${path}.tls.minProtocolVersion`, is: `${shown(minProtocolVersion)}, a broken version of TLS` };
      const certificate = credentialName ?? serverCertificate ?? list(credentialNames)[0];
      if (!withoutCertificate.includes(String(mode)) && !certificate)
        yield { path: `${path}.tls.credentialName`, is: `${shown(credentialName)}: the server has no certificate` };
    }
  },
};

const sidecarTypes = istio("networking", "Sidecar");
const entryTypes = istio("networking", "ServiceEntry");

const egress: Policy = {
  id: "istio-egress",
  title: "The mesh lets out only what is registered",
  severity: "medium",
  why: "By default sidecars pass on whatever a pod asks of the internet: an intruder loads his tools and carries data off without a trace in the mesh.",
  fix: "Add a Sidecar without workloadSelector and with outboundTrafficPolicy.mode REGISTRY_ONLY to the namespace or to istio-system, and a ServiceEntry with full host names for each address that is needed.",
  types: [namespaceType, ...sidecarTypes, ...entryTypes],
  scope: "stack",
  references: ["Istio security best practices", "Istio controlled egress"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    const closed = closedByMesh(stack);
    yield* inTurn([
      each(meshNamespaces(stack), function* (resource) {
        if (closed || membership(resource) === "ambient") return;
        const set = holdingFor(resource, stack, sidecarTypes).some(
          ({ inputs }) => text(below(inputs, "spec.outboundTrafficPolicy.mode")) !== undefined,
        );
        if (!set) yield { resource, path: "", is: "has no Sidecar that closes the way out, and the default of the mesh lets everything out" };
      }),
      each(stack.ofType(...sidecarTypes), function* (resource) {
        const mode = below(resource.inputs, "spec.outboundTrafficPolicy.mode");
        if (mode === "ALLOW_ANY") yield { resource, path: "spec.outboundTrafficPolicy.mode", is: "is ALLOW_ANY: pods reach the whole internet" };
      }),
      each(stack.ofType(...entryTypes), function* (resource) {
        const { hosts, resolution } = record(resource.inputs.spec);
        if ((resolution ?? "NONE") !== "NONE") return;
        for (const [index, host] of list(hosts).entries()) {
          if (text(host)?.startsWith("*"))
            yield { resource, path: `spec.hosts[${index}]`, is: `${shown(host)} without resolution: pods choose the address, and so reach any` };
        }
      }),
    ]);
  },
};

/** Whether an installation of Istio in this stack closes the way out for the whole mesh. */
function closedByMesh(stack: Stack): boolean {
  const installations = stack.ofType("kubernetes:install.istio.io/*", "kubernetes:helm.sh/*");
  return installations.some(({ inputs }) =>
    [inputs.spec, inputs.values].some((values) => below(values, "meshConfig.outboundTrafficPolicy.mode") === "REGISTRY_ONLY"),
  );
}

export const istioEdgePolicies: readonly Policy[] = [gatewayTls, egress];
