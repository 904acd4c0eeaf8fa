import type { Resource } from "@pulumi/pulumi";
import type { ResolvedBinding } from "../../core/workload.ts";
import type { AwsContext } from "./context.ts";
import { tryEndpoint } from "./endpoint.ts";
import { allow, type Group } from "./groups.ts";
import type { Statement } from "./iam.ts";
import { reachServices } from "./services.ts";

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
    ready: servers.flatMap(({ key, port, server }) => [
      ...(server.group ? allow(context, parent, client, server.group, port, `binding ${key}`) : []),
      ...(server.service ? reachServices(context, parent, client, [server.service], `binding ${key}`) : []),
    ]),
  };
}
