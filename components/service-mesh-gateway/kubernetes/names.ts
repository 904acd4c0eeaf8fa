import { isIP } from "node:net";
import { type Labels, labels, type Part, type Place } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel, Route } from "../model.ts";

/** Ports of the pods and of their Service alike; a proxy of Istio listens on them as they are. */
export const ports = { http: 80, https: 443 } as const;
/** Figures of the proxy and of its agent in one, and its health; the mesh leaves them alone. */
export const envoyPorts = { metrics: 15020, health: 15021 } as const;
export const metricsPath = "/stats/prometheus";
export const healthPath = "/healthz/ready";

/** What belongs to a gateway, by name. Its account, Deployment and Service have its own. */
export const namesOf = (gateway: string) => ({
  route: (route: Pick<Route, "name">) => `${gateway}-${route.name}`,
  /** Apart from those of routes: it has the name of the gateway itself. */
  redirect: gateway,
  parameters: `${gateway}-parameters`,
  /** Secret with certificate and key. */
  certificate: `${gateway}-tls`,
  /** Secret with the authority of development. */
  authority: `${gateway}-ca`,
  /** Issuer that signs itself, for that authority alone. */
  root: `${gateway}-root`,
  account: `${gateway}-acme-account`,
  entry: `${gateway}-entry`,
  solvers: `${gateway}-solvers`,
});

/** Listeners of the Gateway. */
export const listeners = { http: "http", https: "https" } as const;

/** The eight labels that a Gateway may hand on to its pods: those that select, and those by which people look for them. */
export function podLabels(place: Place, part: Part): Labels {
  const { "app.kubernetes.io/component": _, "app.kubernetes.io/version": __, ...rest } = labels(place, part);
  return rest;
}

/** Names that a request may be for: an address is none, and a certificate of a cluster is for none. */
export const hostNames = ({ names }: Pick<GatewayModel, "names">): string[] => names.filter((name) => !isIP(name));
