import type { CustomManifest } from "../../../src/platforms/kubernetes/custom-object.ts";
import { metadata, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel, Route } from "../model.ts";
import { bufferFilter, bufferFor, compressorFilter, limitFilter, limitFor } from "./envoy.ts";
import { hostsOf } from "./http-route.ts";
import { namesOf } from "./names.ts";

/**
 * What neither interface has: limits of rate and body, compression, silence, and which requests are tried again. Written
 * against the Envoy of Istio 1.31. Every patch adds a filter in front of the router or fills in one route, which it finds by
 * name, so it is the same for both interfaces, and nothing in it depends on what Istio writes by itself.
 */
export function envoyFilter(place: Place, part: Part, model: GatewayModel): CustomManifest {
  return {
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "EnvoyFilter",
    metadata: metadata(place, part),
    spec: {
      // Gateways of Gateway API are named, pods of one's own are selected.
      ...(model.api === "istio"
        ? { workloadSelector: { labels: selector(place, part) } }
        : { targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: part.name }] }),
      // After those of the mesh as a whole, which have none: what is put in front of the router is there then.
      priority: 10,
      configPatches: [
        ...filtersOf(model).map(beforeRouter),
        ...model.routes
          .filter((route) => hostsOf(route, model).length > 0)
          .map((route) => intoRoute(namesOf(part.name).route(route), routeSettings(route))),
      ],
    },
  };
}

/** Filters that some route uses, in their order: a request that is refused is not read, and what is answered is compressed last. */
const filtersOf = ({ routes, gzip }: GatewayModel): object[] => [
  ...(routes.some(({ rateLimit }) => rateLimit) ? [limitFilter] : []),
  ...(routes.some(({ websocket }) => !websocket) ? [bufferFilter] : []),
  ...(gzip ? [compressorFilter] : []),
];

const beforeRouter = (value: object) => ({
  applyTo: "HTTP_FILTER",
  match: {
    context: "GATEWAY",
    listener: {
      filterChain: { filter: { name: "envoy.filters.network.http_connection_manager", subFilter: { name: "envoy.filters.http.router" } } },
    },
  },
  patch: { operation: "INSERT_BEFORE", value },
});

const intoRoute = (name: string, value: object) => ({
  applyTo: "HTTP_ROUTE",
  match: { context: "GATEWAY", routeConfiguration: { vhost: { route: { name } } } },
  patch: { operation: "MERGE", value },
});

function routeSettings(route: Route) {
  const filters = { ...limitFor(route), ...(route.websocket ? {} : bufferFor(route)) };
  return {
    route: {
      // Of a route, silence; the time for the whole answer is not limited.
      idle_timeout: `${route.timeoutSeconds}s`,
      retry_policy: retryPolicy(route),
      ...(route.websocket ? {} : { upgrade_configs: [{ upgrade_type: "websocket", enabled: false }] }),
    },
    ...(Object.keys(filters).length > 0 ? { typed_per_filter_config: filters } : {}),
  };
}

/** Methods that may be repeated. */
const repeatable = "GET|HEAD|PUT|DELETE|OPTIONS";

/** A patch is laid over the policy that Istio gives every route, so it says what it does not want by naming something else. */
function retryPolicy({ retries }: Pick<Route, "retries">) {
  // A zero would not be laid over anything. These are tried again for status codes, of which there are none.
  if (retries === 0) return { retry_on: "retriable-status-codes" };
  return {
    retry_on: "connect-failure,refused-stream,reset,retriable-status-codes",
    retriable_status_codes: [502, 503],
    num_retries: retries,
    retriable_request_headers: [{ name: ":method", string_match: { safe_regex: { regex: repeatable } } }],
  };
}
