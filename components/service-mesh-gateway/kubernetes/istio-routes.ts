import type { CustomManifest } from "../../../src/platforms/kubernetes/custom-object.ts";
import { metadata, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel, Route } from "../model.ts";
import { hostsOf, isContentPolicy } from "./http-route.ts";
import { hostNames, namesOf, ports } from "./names.ts";

const object = (place: Place, part: Part, kind: "Gateway" | "VirtualService", name: string, spec: object): CustomManifest => ({
  apiVersion: "networking.istio.io/v1",
  kind,
  metadata: metadata(place, part, name),
  spec,
});

/** Where pods find the certificate. As files: to be sent it by the control plane, an account must be allowed to list all Secrets. */
export const certificateFolder = "/etc/groundplan-certificate";

/** Gateway of Istio, on the pods of the stack's own, for routes of its own namespace. */
export function istioGateway(place: Place, part: Part, model: GatewayModel): CustomManifest {
  const hosts = hostNames(model).map((host) => `./${host}`);
  return object(place, part, "Gateway", part.name, {
    selector: selector(place, part),
    servers: [
      { port: { number: ports.http, name: "http", protocol: "HTTP" }, hosts, tls: { httpsRedirect: true } },
      {
        port: { number: ports.https, name: "https", protocol: "HTTPS" },
        hosts,
        tls: {
          mode: "SIMPLE",
          serverCertificate: `${certificateFolder}/tls.crt`,
          privateKey: `${certificateFolder}/tls.key`,
          minProtocolVersion: model.minVersion === "1.3" ? "TLSV1_3" : "TLSV1_2",
        },
      },
    ],
  });
}

/** One for each host, with the longest path first: the first that fits is taken. */
export const virtualServices = (place: Place, part: Part, model: GatewayModel, clusterDomain = "cluster.local"): CustomManifest[] =>
  hostNames(model).flatMap((host) => {
    const routes = model.routes.filter((route) => hostsOf(route, model).includes(host)).toSorted((a, b) => b.path.length - a.path.length);
    const address = (service: unknown) => `${String(service)}.${place.namespace}.svc.${clusterDomain}`;
    const http = routes.map((route) => httpRoute(namesOf(part.name).route(route), route, model, address));
    if (http.length === 0) return [];
    return [object(place, part, "VirtualService", virtualServiceName(part, host), { hosts: [host], gateways: [part.name], exportTo: ["."], http })];
  });

/** A host has points, and no route has: the two never meet. */
const virtualServiceName = (part: Part, host: string) => `${part.name}.${host}`;

function httpRoute(name: string, route: Route, model: GatewayModel, address: (service: unknown) => string) {
  const { path, stripPrefix, upstreams, cors } = route;
  return {
    name,
    match: path === "/" ? [{ uri: { prefix: "/" } }] : [{ uri: { exact: path } }, { uri: { prefix: `${path}/` } }],
    ...(stripPrefix ? { rewrite: { uri: "/" } } : {}),
    headers: headers(route, model),
    ...(cors ? { corsPolicy: corsPolicy(cors) } : {}),
    // The usual of Istio would repeat any request; which are repeated, and after what silence one ends, is in the filter.
    retries: { attempts: 0 },
    route: upstreams.map(({ to, weight }) => ({
      destination: { host: address(to.summary.host), port: { number: to.summary.port } },
      weight,
    })),
  };
}

function headers({ path, stripPrefix }: Route, model: GatewayModel) {
  const said = Object.entries(model.headers);
  const only = (keep: (header: { name: string }) => boolean) => Object.fromEntries(said.filter(([name]) => keep({ name })));
  return {
    request: stripPrefix ? { set: { "X-Forwarded-Prefix": path } } : { remove: ["X-Forwarded-Prefix"] },
    response: { set: only((header) => !isContentPolicy(header)), add: only(isContentPolicy), remove: ["X-Powered-By"] },
  };
}

const corsPolicy = ({ origins, methods, headers: allowed, credentials, maxAgeSeconds }: NonNullable<Route["cors"]>) => ({
  allowOrigins: origins.map((origin) => (origin === "*" ? { regex: ".*" } : { exact: origin })),
  allowMethods: [...methods],
  allowHeaders: [...allowed],
  ...(credentials ? { allowCredentials: true } : {}),
  maxAge: `${maxAgeSeconds}s`,
});
