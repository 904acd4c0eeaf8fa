import type { GatewayModel, Route } from "../model.ts";

/** Ports of the load balancer. */
export const ports = { http: 80, https: 443 } as const;

/** Everything that it serves: routes for everybody, and those for who has logged in. */
export const allRoutes = ({ routes, admin }: GatewayModel): readonly Route[] => [...routes, ...admin];

/** Names that the certificate is for and that lead to it. Its own name inside is none of them. */
export const publicHosts = ({ hosts, admin }: GatewayModel): readonly string[] => [
  ...new Set([...hosts, ...admin.flatMap(({ host }) => (host === undefined ? [] : [host]))]),
];

/** Hosts that a route is left with: one for a host wins over one for all with the same path. */
export function hostsOf({ host, path }: Route, model: GatewayModel): readonly string[] {
  if (host !== undefined) return [host];
  const taken = allRoutes(model).flatMap((other) => (other.path === path && other.host !== undefined ? [other.host] : []));
  return model.hosts.filter((name) => !taken.includes(name));
}

/** Parts of a path: of two routes that take the same request, the one with more of them is meant. */
export const depthOf = (path: string): number => path.split("/").filter((part) => part !== "").length;
