import type { CustomManifest } from "../../../src/platforms/kubernetes/custom-object.ts";
import { metadata, type Part, type Place } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel, Route } from "../model.ts";
import { hostNames, listeners, namesOf } from "./names.ts";

const object = (place: Place, part: Part, name: string, spec: object): CustomManifest => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: metadata(place, part, name),
  spec,
});

const parent = (part: Part, sectionName: string) => [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: part.name, sectionName }];

/** Plain HTTP only says where HTTPS is; 308 keeps method and body. */
export const redirectRoute = (place: Place, part: Part, model: GatewayModel): CustomManifest =>
  object(place, part, namesOf(part.name).redirect, {
    parentRefs: parent(part, listeners.http),
    hostnames: hostNames(model),
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 308 } }],
      },
    ],
  });

/** One for each route that is left for some host: one for a host wins over one for all with the same path. */
export const httpRoutes = (place: Place, part: Part, model: GatewayModel, silence: boolean): CustomManifest[] =>
  model.routes.flatMap((route) => {
    const hostnames = hostsOf(route, model);
    if (hostnames.length === 0) return [];
    const name = namesOf(part.name).route(route);
    return [object(place, part, name, { parentRefs: parent(part, listeners.https), hostnames, rules: [rule(name, route, model, silence)] })];
  });

export function hostsOf({ host, path }: Route, model: GatewayModel): string[] {
  if (host !== undefined) return [host];
  const taken = model.routes.flatMap((other) => (other.path === path && other.host !== undefined ? [other.host] : []));
  return hostNames(model).filter((name) => !taken.includes(name));
}

function rule(name: string, route: Route, model: GatewayModel, silence: boolean) {
  const { path, upstreams } = route;
  return {
    // Filters of the proxy find the route by it.
    name,
    matches: [{ path: { type: "PathPrefix", value: path } }],
    filters: filters(route, model),
    backendRefs: upstreams.map(({ to, weight }) => ({ group: "", kind: "Service", name: to.summary.host, port: to.summary.port, weight })),
    timeouts: { request: silence || route.websocket ? "0s" : `${route.timeoutSeconds}s` },
  };
}

function filters({ path, stripPrefix, cors }: Route, { headers }: GatewayModel) {
  const said = Object.entries(headers).map(([name, value]) => ({ name, value }));
  // A policy for content may stand twice, and the stricter one holds; everything else is the gateway's to say.
  const [add, set] = [said.filter(isContentPolicy), said.filter((header) => !isContentPolicy(header))];
  return [
    ...(stripPrefix
      ? [
          { type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "X-Forwarded-Prefix", value: path }] } },
          { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } },
        ]
      : [{ type: "RequestHeaderModifier", requestHeaderModifier: { remove: ["X-Forwarded-Prefix"] } }]),
    {
      type: "ResponseHeaderModifier",
      responseHeaderModifier: { ...(set.length > 0 ? { set } : {}), ...(add.length > 0 ? { add } : {}), remove: ["X-Powered-By"] },
    },
    ...(cors
      ? [
          {
            type: "CORS",
            cors: {
              allowOrigins: cors.origins,
              allowMethods: cors.methods,
              ...(cors.headers.length > 0 ? { allowHeaders: cors.headers } : {}),
              ...(cors.credentials ? { allowCredentials: true } : {}),
              maxAge: cors.maxAgeSeconds,
            },
          },
        ]
      : []),
  ];
}

export const isContentPolicy = ({ name }: { readonly name: string }) => name.toLowerCase() === "content-security-policy";
