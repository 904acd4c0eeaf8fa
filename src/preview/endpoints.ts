import type { ConnectionSummary } from "../core/connection.ts";
import { namespaceOf, servicesOf } from "./kubernetes.ts";
import { componentsOf, type Plan } from "./plan.ts";

/** One way in. */
export interface EndpointRow {
  readonly component: string;
  readonly url: string;
  readonly user: string;
  /** Name of the credential; empty when none is needed. */
  readonly credential: string;
  /** What to run on the developer's machine first; undefined when nothing is needed, or nothing leads there. */
  readonly way?: string;
}

/**
 * What is reached from the developer's machine; in a cluster what its Services offer, with the command that forwards a port;
 * on AWS the addresses inside the network.
 */
export function endpointsOf(plan: Plan, context?: string): EndpointRow[] {
  const services = servicesOf(plan);
  const inNetwork = plan.resources.some(({ type }) => type === "aws:ecs/cluster:Cluster");
  return componentsOf(plan).flatMap(({ name, outputs }) =>
    Object.values((outputs.connections ?? {}) as Record<string, ConnectionSummary>).flatMap((connection): EndpointRow[] => {
      const { scheme, external, host, port, username, database, path, credential } = connection;
      const service = services.find((candidate) => candidate.name === host && candidate.spec.clusterIP !== "None");
      const address =
        external ?? (service ? `${service.name}.${service.namespace}:${port}` : inNetwork && `${host}${port === 443 ? "" : `:${port}`}`);
      if (!address) return [];
      const published = (outputs.published ?? []) as readonly string[];
      const forwarded = service?.spec.ports?.some((offered) => offered.port === port && published.some((key) => isNamed(offered.name ?? "", key)));
      const way =
        forwarded && service
          ? `kubectl ${context ? `--context ${context} ` : ""}-n ${namespaceOf(plan)} port-forward service/${service.name} ${port}`
          : undefined;
      return [
        {
          component: name,
          url: `${scheme}://${address}${database ? `/${database}` : ""}${path ?? ""}`,
          user: username ?? "",
          credential: credential ?? "",
          ...(way ? { way } : {}),
        },
      ];
    }),
  );
}

/** Ports of a Service are named by protocol: `http`, `tcp-sql`. */
const isNamed = (name: string, key: string) => name === key || name.endsWith(`-${key}`);
