import type * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/tls/provider.js";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { certificateAuthority } from "../../../src/platforms/certificates.ts";

export interface RouteCertificates {
  readonly ca: pulumi.Output<string>;
  readonly nodes: Readonly<Record<string, { readonly certificate: pulumi.Output<string>; readonly key: pulumi.Output<string> }>>;
}

/** An authority of the cluster's own, and a certificate for each node that shows it at both ends of a route. */
export function routeCertificates(
  context: AwsContext,
  parent: pulumi.Resource,
  name: string,
  nodes: readonly string[],
  domain: string,
): RouteCertificates {
  const provider = context.once("tls-provider", () => new Provider("tls", {}, { parent: context.platform }));
  const resourceOf = (node: string) => `${node}-route`;
  const { ca, issued } = certificateAuthority({
    parent,
    provider,
    name: `${name}-route-ca`,
    commonName: `${context.prefix} ${name} routes`,
    certificates: Object.fromEntries(nodes.map((node) => [resourceOf(node), { commonName: node, dnsNames: [`${node}.${domain}`] }])),
  });
  const named = Object.entries(issued).map(([resource, pair]) => [resource.replace(/-route$/, ""), pair] as const);
  return { ca, nodes: Object.fromEntries(named) };
}
