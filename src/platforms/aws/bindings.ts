import { isIPv4 } from "node:net";
import type { Resource } from "@pulumi/pulumi";
import { boundOutside } from "../../core/outside.ts";
import type { ResolvedBinding } from "../../core/workload.ts";
import type { AwsContext } from "./context.ts";
import { tryEndpoint, tryOutside } from "./endpoint.ts";
import { allow, allowOut, type Group } from "./groups.ts";
import type { Statement } from "./iam.ts";
import { reachServices } from "./services.ts";
import { wayOut } from "./way-out.ts";

export interface OpenedBindings {
  /** What the role of the client gets. */
  readonly statements: readonly Statement[];
  readonly ready: readonly Resource[];
}

/** Opens what a workload is bound to, and nothing else: a port of the server's group, or actions and the way to their API. */
export function openBindings(context: AwsContext, parent: Resource, client: Group, bindings: readonly ResolvedBinding[]): OpenedBindings {
  const servers = bindings.flatMap(({ key, to }) => {
    const server = tryEndpoint(to.endpoint);
    return server ? [{ key, port: to.summary.port, server }] : [];
  });
  const statements = servers.flatMap(({ server }) => server.statements ?? []);
  return {
    // Two bindings to one system are one permission.
    statements: [...new Map(statements.map((statement) => [statement.sid, statement])).values()],
    ready: [
      ...reachOutsideServers(context, parent, client, bindings),
      ...servers.flatMap(({ key, port, server }) => [
        ...(server.group ? allow(context, parent, client, server.group, port, `binding ${key}`) : []),
        ...(server.service ? reachServices(context, parent, client, [server.service], `binding ${key}`) : []),
      ]),
    ],
  };
}

/**
 * Systems outside of the stack: the addresses or the group that somebody named, else those of the host. The other side is not
 * of this stack. A range is reached on the ways that the network has; any other address by way of the internet.
 */
function reachOutsideServers(context: AwsContext, parent: Resource, client: Group, bindings: readonly ResolvedBinding[]): Resource[] {
  return boundOutside(bindings, tryOutside).flatMap(({ system: name, host, port, cidr, securityGroup }) => {
    const why = `${name}, which runs elsewhere`;
    if (securityGroup !== undefined) return [...allowOut(context, parent, client, { group: securityGroup, name }, port, why)];
    if (cidr !== undefined) return [...allowOut(context, parent, client, { cidr, name }, port, why)];
    const address = isIPv4(host) ? `${host}/32` : "0.0.0.0/0";
    return [...allowOut(context, parent, client, { cidr: address, name }, port, why), ...wayOut(context)];
  });
}
