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
      const service = serviceOf(services, connection);
      const address =
        external ?? (service ? `${service.name}.${service.namespace}:${port}` : inNetwork && `${host}${port === 443 ? "" : `:${port}`}`);
      if (!address) return [];
      const way = service && isForwarded(service, outputs.published, port) ? forward(plan, service.name, `${port}`, context) : undefined;
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

type Service = ReturnType<typeof servicesOf>[number];

/** The Service that a connection leads to, when its name is one address. */
export const serviceOf = (services: readonly Service[], { host }: Pick<ConnectionSummary, "host">): Service | undefined =>
  services.find((candidate) => candidate.name === host && candidate.spec.clusterIP !== "None");

/** Whether the topology publishes that port of the Service. */
export function isForwarded(service: Service, published: unknown, port: number): boolean {
  const keys = (published ?? []) as readonly string[];
  return service.spec.ports?.some((offered) => offered.port === port && keys.some((key) => isNamed(offered.name ?? "", key))) ?? false;
}

/** The command that brings a port of a Service to this machine; `ports` as kubectl takes them: `5432`, or `15432:5432`. */
export const forward = (plan: Plan, service: string, ports: string, context?: string): string =>
  `kubectl ${context ? `--context ${context} ` : ""}-n ${namespaceOf(plan)} port-forward service/${service} ${ports}`;

/** Ports of a Service are named by protocol: `http`, `tcp-sql`. */
const isNamed = (name: string, key: string) => name === key || name.endsWith(`-${key}`);
