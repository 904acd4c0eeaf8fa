import { isConnection } from "../../src/core/binding.ts";
import { type Check, decimal, flag, integer, isRecord, listOf, mapOf, matching, oneOf, type Rules, shape } from "../../src/core/checks.ts";
import type { Connection } from "../../src/core/connection.ts";

/** How many requests one client address may send. */
export interface RateLimitArgs {
  /**
   * Requests each second that one client address may send on average. On AWS counted over a minute, or over up to ten where
   * fewer than ten requests would be counted; elsewhere from second to second.
   * @unit requests per second
   * @change restart; on AWS safe
   */
  readonly requestsPerSecond: number;
  /**
   * Requests above that which are taken at once; the next ones get 429 with Retry-After. On AWS added to what may come in that
   * time.
   * @default requestsPerSecond, at least 1
   * @unit requests
   * @change restart; on AWS safe
   */
  readonly burst?: number;
}

/** Changing any of it: restart. AWS refuses it: a load balancer knows CORS for all routes alike, and no list of origins. */
export interface CorsArgs {
  /** Origins whose pages may ask, e.g. `https://app.example.com`, or `["*"]` for all of them. */
  readonly origins: readonly string[];
  /** Methods they may use. @default GET, HEAD, POST */
  readonly methods?: readonly string[];
  /** Request headers they may send. @default Content-Type */
  readonly headers?: readonly string[];
  /** Whether cookies and logins go along. Not with `*`. @default false */
  readonly credentials?: boolean;
  /** Seconds that a browser remembers the answer. @default 600 */
  readonly maxAgeSeconds?: number;
}

/** Changing any of it: restart of the gateway; on AWS safe, the rules of the route alone change. */
export interface RouteArgs {
  /** The path, and everything below it: `/api` is `/api` and `/api/...`, not `/apis`. @default "/" */
  readonly path?: string;
  /** One of the gateway's hosts. @default all of them */
  readonly host?: string;
  /** An HTTP port of another component, e.g. `api.connection`, or one for each version. The gateway is bound to each of them. */
  readonly to: Connection | Readonly<Record<string, Connection>>;
  /**
   * Share of requests of each version in percent, whole numbers with the sum 100, e.g. `{ stable: 90, canary: 10 }`. Each
   * request is drawn for itself.
   * @default none: with `to` of one version
   */
  readonly weights?: Readonly<Record<string, number>>;
  /**
   * Takes the path off before the request goes on: `/api/users` arrives as `/users`, and X-Forwarded-Prefix tells, but not on
   * AWS.
   * @default false
   */
  readonly stripPrefix?: boolean;
  /**
   * Lets connections become websockets, and sends answers on as they come (event streams). On AWS every route does; here it
   * changes the silence alone.
   * @default false
   */
  readonly websocket?: boolean;
  /**
   * Longest silence of the upstream in seconds; after it the client gets 504. A load balancer of AWS has one for all routes,
   * the longest of them, at most 4000; a shorter one that is written down is refused.
   * @default 60; 3600 with websocket
   */
  readonly timeoutSeconds?: number;
  /**
   * Further tries on another replica when a connection fails or answers 502 or 503. Only requests that may be repeated (GET,
   * HEAD, PUT, DELETE, OPTIONS), and within timeoutSeconds; 0 tries once. A load balancer of AWS tries nothing again, with a
   * warning; more than 0 is refused there when it is written down.
   * @default 2
   * @unit tries
   */
  readonly retries?: number;
  /** Limit for each client address. @default none */
  readonly rateLimit?: RateLimitArgs;
  /**
   * Largest body of a request in MiB; more gets 413. Above 16 it is sent on as it comes, and such a request is not tried
   * again. On AWS a body that does not tell its length (chunked) may have 8 KiB, whatever stands here.
   * @default 10
   */
  readonly maxBodyMiB?: number;
  /** Pages of other origins that may ask. Refused on AWS, where the service answers them itself. @default none */
  readonly cors?: CorsArgs;
}

export const routeName = matching(
  /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,23}$/,
  "1 to 24 lower-case letters, digits and single hyphens",
  "rename it, e.g. api",
);
export const hostName = matching(
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/,
  "a host name in small letters, without a port",
  "e.g. app.example.com",
);
export const pathCheck = matching(
  /^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/,
  "a path that starts with / and does not end with it",
  "e.g. /api, or / for everything",
);
const origin = matching(
  /^(?:\*|https?:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)$/,
  "an origin: scheme, host and port only, or *",
  "e.g. https://app.example.com",
);
const header = matching(/^[A-Za-z0-9-]+$/, "the name of a header", "e.g. Content-Type");

export const upstreamCheck: Check = (value, at) => {
  if (!isConnection(value)) {
    const rule = "a connection of another component, or one for each version";
    return [{ path: at, value: typeof value, rule, fix: "use e.g. api.connection, not the component" }];
  }
  if (value.scheme === "http" && typeof value.summary.host === "string") return [];
  const fix = "route to a port that speaks HTTP: on an AppService its name begins with http, web or api";
  return [{ path: at, value: value.scheme, rule: "a port that speaks HTTP", fix }];
};

export const corsRules: Rules<CorsArgs> = {
  origins: listOf(origin, 1),
  methods: listOf(oneOf(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]), 1),
  headers: listOf(header),
  credentials: flag,
  maxAgeSeconds: integer(0, 86_400, "seconds"),
};

export const rateLimitRules: Rules<RateLimitArgs> = { requestsPerSecond: decimal(0.1, 100_000), burst: integer(1, 100_000, "requests") };

export const routeRules: Rules<RouteArgs> = {
  path: pathCheck,
  host: hostName,
  to: (value, at) =>
    isConnection(value) || !isRecord(value) || "urn" in value ? upstreamCheck(value, at) : mapOf(routeName, upstreamCheck)(value, at),
  weights: mapOf(routeName, integer(0, 100, "percent")),
  stripPrefix: flag,
  websocket: flag,
  timeoutSeconds: integer(1, 86_400, "seconds"),
  retries: integer(0, 10),
  rateLimit: shape(rateLimitRules, ["requestsPerSecond"]),
  maxBodyMiB: integer(1, 10_240, "MiB"),
  cors: shape(corsRules, ["origins"]),
};

export const routesCheck: Check = mapOf(routeName, shape(routeRules, ["to"]));
