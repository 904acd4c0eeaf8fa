import { isConnection } from "../../src/core/binding.ts";
import type { Connection } from "../../src/core/connection.ts";
import type { Resources } from "../../src/core/workload.ts";
import type { Auth } from "./admin.ts";
import type { ManagedRules } from "./aws-args.ts";
import type { CorsArgs, RouteArgs } from "./routes.ts";
import type { ServiceMeshGatewayArgs } from "./service-mesh-gateway.ts";
import { type IssuedCertificate, isIssued, type TlsArgs } from "./tls-args.ts";

/** One version of what is behind a route. */
export interface Upstream {
  /** Name of the version; empty when there is only one and it has none. */
  readonly version: string;
  readonly to: Connection;
  /** Share of requests in percent. */
  readonly weight: number;
}

/** A route with everything settled. */
export interface Route {
  readonly name: string;
  readonly path: string;
  /** Undefined: all hosts of the gateway. */
  readonly host: string | undefined;
  readonly upstreams: readonly Upstream[];
  readonly stripPrefix: boolean;
  readonly websocket: boolean;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly rateLimit: { readonly requestsPerSecond: number; readonly burst: number } | undefined;
  readonly maxBodyMiB: number;
  readonly cors: Required<CorsArgs> | undefined;
}

export const settledRoutes = (routes: Readonly<Record<string, RouteArgs>>): Route[] =>
  Object.entries(routes).map(([name, route]) => settled(name, route));

function settled(name: string, route: RouteArgs): Route {
  const { path = "/", host, stripPrefix = false, websocket = false, retries = 2, maxBodyMiB = 10, rateLimit, cors } = route;
  return {
    name,
    path,
    host,
    upstreams: upstreamsOf(route),
    stripPrefix,
    websocket,
    timeoutSeconds: route.timeoutSeconds ?? (websocket ? 3600 : 60),
    retries,
    rateLimit: rateLimit && { burst: Math.max(1, Math.floor(rateLimit.requestsPerSecond)), ...rateLimit },
    maxBodyMiB,
    cors: cors && { methods: ["GET", "HEAD", "POST"], headers: ["Content-Type"], credentials: false, maxAgeSeconds: 600, ...cors },
  };
}

function upstreamsOf({ to, weights }: RouteArgs): Upstream[] {
  if (isConnection(to)) return [{ version: "", to, weight: 100 }];
  return Object.entries(to).map(([version, connection], _, all) => ({
    version,
    to: connection,
    weight: weights?.[version] ?? (all.length === 1 ? 100 : 0),
  }));
}

/** A gateway as it was declared, for a target that has something better than a container for it. */
export interface GatewayModel {
  readonly hosts: readonly string[];
  /** Host names that it answers to: the hosts, its own name, and those of this machine with a development certificate. */
  readonly names: readonly string[];
  readonly routes: readonly Route[];
  /** Served only to who has logged in; none without a login. */
  readonly admin: readonly Route[];
  readonly auth: Auth | undefined;
  readonly certificate: GatewayCertificate;
  readonly minVersion: "1.2" | "1.3";
  /** Headers of every answer, by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly replicas: number;
  readonly resources: Resources;
  /** Interface of a cluster. */
  readonly api: "gateway-api" | "istio";
  /** Ranges of addresses that may connect. Of AWS alone. */
  readonly allowFrom: readonly string[];
  /** Managed rules that only count. Of AWS alone. */
  readonly countOnly: readonly ManagedRules[];
  /** Requests of one client address in five minutes; false: any number. Of AWS alone. */
  readonly maxRequestsPerClient: number | false;
  /** Paths of the arguments that somebody wrote: a target that has only something else for them refuses those. */
  readonly declared: readonly string[];
  /** Arguments that are told to be wrong by themselves, in whose place are defaults: a target says no more about those. */
  readonly wrong: readonly string[];
  /** What serves it, which decides what its figures are; a proxy that nobody knows has none. */
  readonly server: "nginx" | "envoy" | "unknown";
}

/** Where its certificate comes from; a given one is in the secrets of the spec. */
export type GatewayCertificate = "development" | "given" | IssuedCertificate;

export const certificateOf = (certificate: NonNullable<TlsArgs["certificate"]>): GatewayCertificate => {
  if (certificate === "development") return "development";
  return isIssued(certificate) ? certificate : "given";
};

/** The argument that a path begins with. */
export const argumentOf = (path: string): string => /^[^.[]*/.exec(path)?.[0] ?? path;

export const wrongArguments = (problems: readonly { readonly path: string }[]): string[] => [
  ...new Set(problems.map(({ path }) => argumentOf(path))),
];

/** `gzip`, `tls.minVersion`, `routes.api.retries`: what somebody wrote down. */
export function declaredPaths({ routes = {}, tls = {}, ...own }: Partial<ServiceMeshGatewayArgs>): string[] {
  const keys = (value: object, before: string) => Object.entries(value).flatMap(([key, entry]) => (entry === undefined ? [] : [`${before}${key}`]));
  return [...keys(own, ""), ...keys(tls, "tls."), ...Object.entries(routes).flatMap(([name, route]) => keys(route, `routes.${name}.`))];
}
