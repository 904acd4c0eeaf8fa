import type { Cell } from "../../src/core/capabilities.ts";

/** What an argument is on Docker, and on Kubernetes in both interfaces, with proxies of Istio. */
export interface Translation {
  readonly docker: Cell;
  readonly gatewayApi: Cell;
  readonly istio: Cell;
  /** What another class of gateways than Istio's makes of it, with Gateway API. @default the same */
  readonly another?: Cell;
}

const yes = (how: string): Cell => ({ state: "yes", how });
const coarser = (how: string): Cell => ({ state: "coarser", how });
const refused = (how: string): Cell => ({ state: "refused", how });

const row = (docker: Cell, gatewayApi: Cell, istio: Cell = gatewayApi, another?: Cell): Translation => ({
  docker,
  gatewayApi,
  istio,
  ...(another ? { another } : {}),
});

const ofHeaders = (docker: string): Translation =>
  row(
    yes(docker),
    coarser("ResponseHeaderModifier of each HTTPRoute; answers of the proxy itself have none"),
    coarser("headers.response of each route; answers of the proxy itself have none"),
  );
const filter = (how: string) => yes(`EnvoyFilter: ${how}`);
const cors = (docker: string, field: string, istio = field): Translation =>
  row(yes(docker), yes(`filter CORS: ${field}`), yes(`corsPolicy.${istio}`));
const notIstio = refused("only proxies of Istio have it, or it is as the class has it when nothing is said");

/** By argument, as docs/gateway.md shows them: one row for each. */
export const translations: Readonly<Record<string, Translation>> = {
  api: row(
    refused("only a cluster has interfaces"),
    yes("Gateway and HTTPRoute; Istio makes the pods"),
    yes("Gateway and VirtualService on a Deployment of the stack"),
    refused("only api gateway-api"),
  ),
  hosts: row(
    yes("server_name; another host gets 421"),
    yes("hostnames of the HTTPRoutes, dnsNames of the certificate; another host gets 404; an address is refused"),
    yes("hosts of the servers, one VirtualService for each, dnsNames of the certificate; another host gets 404; an address is refused"),
  ),
  "tls.certificate": row(
    coarser("of the project's own authority, or given; an issuer is refused"),
    yes("Secret of the listener: by cert-manager from an authority of the namespace, by ACME (HTTP-01) or by an issuer of the cluster, or given"),
    coarser("files of the pods, from the same Secret; ACME is refused, an issuer by name is not"),
  ),
  "tls.minVersion": row(
    yes("ssl_protocols"),
    coarser("TLS 1.2 and 1.3, as Istio has it; 1.3 alone is refused"),
    yes("tls.minProtocolVersion of the server"),
    coarser("as the class has it; 1.3 alone is refused"),
  ),
  "hsts.maxAgeSeconds": ofHeaders("Strict-Transport-Security of every answer"),
  "hsts.includeSubdomains": ofHeaders("a word of that header"),
  "hsts.preload": ofHeaders("a word of that header"),
  securityHeaders: row(
    yes("add_header; what an upstream says under the same name is dropped"),
    coarser("ResponseHeaderModifier, set over what an upstream says; answers of the proxy itself have none; at most 16"),
    coarser("headers.response, set over what an upstream says; answers of the proxy itself have none"),
  ),
  gzip: row(yes("gzip, from 1 KiB"), filter("compressor in front of the router, from 1 KiB"), undefined, notIstio),
  replicas: row(
    refused("one port of the machine cannot be shared"),
    yes("replicas of the Deployment, through the parameters of the Gateway, with a budget for disruptions"),
    yes("replicas of the Deployment, with a budget for disruptions"),
    notIstio,
  ),
  memoryMiB: row(
    yes("limit of the container"),
    yes("request and limit of the proxy, through the parameters of the Gateway"),
    yes("request and limit of the proxy"),
    notIstio,
  ),
  cpus: row(
    yes("limit, with one worker for each CPU begun"),
    yes("request of the proxy, and a limit of a whole CPU for each one begun, through the parameters of the Gateway"),
    yes("request of the proxy, and a limit of a whole CPU for each one begun"),
    notIstio,
  ),
  "routes.path": row(yes("location = and ^~"), yes("matches: PathPrefix"), yes("match: exact, and prefix with a slash; the longest path first")),
  "routes.host": row(yes("a server of its own"), yes("hostnames"), yes("http of that host's VirtualService alone")),
  "routes.to": row(yes("upstream, resolved every 5 seconds"), yes("backendRefs"), yes("route.destination")),
  "routes.weights": row(yes("split_clients by the id of the request"), yes("weight of backendRefs"), yes("weight of route")),
  "routes.stripPrefix": row(
    yes("rewrite, and X-Forwarded-Prefix"),
    yes("filters URLRewrite and RequestHeaderModifier"),
    yes("rewrite.uri, and headers.request"),
  ),
  "routes.websocket": row(
    yes("Upgrade goes on; without it the header is dropped"),
    filter("upgrades are off without it, and get 403; with it bodies are not limited"),
    undefined,
    coarser("as the class has it"),
  ),
  "routes.timeoutSeconds": row(
    yes("proxy_read_timeout: silence of the upstream"),
    filter("idle_timeout of the route: silence of both sides"),
    undefined,
    coarser("timeouts.request: time for the whole answer; none with websocket"),
  ),
  "routes.retries": row(
    yes("proxy_next_upstream for what may be repeated"),
    filter("retry_policy of the route, for what may be repeated"),
    undefined,
    notIstio,
  ),
  "routes.rateLimit.requestsPerSecond": row(
    yes("limit_req for each client address"),
    coarser("EnvoyFilter: local_ratelimit for each client address; each replica counts for itself"),
    undefined,
    notIstio,
  ),
  "routes.rateLimit.burst": row(yes("burst, nodelay"), filter("max_tokens, one above the burst"), undefined, notIstio),
  "routes.maxBodyMiB": row(
    yes("client_max_body_size"),
    coarser("EnvoyFilter: buffer; more than a quarter of memoryMiB is refused, and so is any with websocket"),
    undefined,
    notIstio,
  ),
  "routes.cors.origins": cors("Access-Control-Allow-Origin; a preflight of others gets 403", "allowOrigins"),
  "routes.cors.methods": cors("Access-Control-Allow-Methods", "allowMethods"),
  "routes.cors.headers": cors("Access-Control-Allow-Headers", "allowHeaders"),
  "routes.cors.credentials": cors("Access-Control-Allow-Credentials", "allowCredentials"),
  "routes.cors.maxAgeSeconds": cors("Access-Control-Max-Age", "maxAge"),
  adminRoutes: row(
    coarser("not served, with a warning: nobody would be asked who they are"),
    coarser("not served, with a warning: nobody would be asked who they are"),
  ),
  auth: row(refused("nothing asks who somebody is"), refused("nothing asks who somebody is")),
  aws: row(refused("only the load balancer of AWS has these settings"), refused("only the load balancer of AWS has these settings")),
};
