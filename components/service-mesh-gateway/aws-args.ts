import { type Check, integer, listOf, matching, oneOf, shape } from "../../src/core/checks.ts";

/** Groups of rules that AWS keeps, by the names that it gives them. */
export const managedRules = ["ip-reputation", "common", "known-bad-inputs", "sqli"] as const;
export type ManagedRules = (typeof managedRules)[number];

/** Settings of the load balancer of AWS and of the firewall before it. */
export interface GatewayAwsArgs {
  /**
   * Ranges of IPv4 addresses that may connect, e.g. those of an office.
   * @default ["0.0.0.0/0"], everybody
   * @change safe
   */
  readonly allowFrom?: readonly string[];
  /**
   * Groups of managed rules that count and stop nothing, e.g. while it is found out what they would stop.
   * @default none
   * @change safe
   */
  readonly countOnly?: readonly ManagedRules[];
  /**
   * Most requests of one client address within five minutes, over all routes together; more get 429 with Retry-After until
   * there are fewer. It stops floods and guesses of passwords, not somebody at work: the default is 20 a second, all the time,
   * enough for an office behind one address. Behind a CDN or another proxy all clients have its address: say `false` there,
   * and limit at the CDN. `rateLimit` of a route comes on top.
   * @default 6000 in profiles that guard data (staging, prod), otherwise false
   * @unit requests within five minutes
   * @change safe
   */
  readonly maxRequestsPerClient?: number | false;
}

/** Of a deployment that somebody means; the same as 20 requests a second. */
export const usualRequestsPerClient = 6000;

/** Least and most that a rule of WAF counts to, November 2026. */
const requests = integer(10, 2_000_000_000, "requests");

export const gatewayAwsCheck: Check = shape<GatewayAwsArgs>({
  allowFrom: listOf(matching(/^(?:\d{1,3}\.){3}\d{1,3}\/(?:\d|[12]\d|3[0-2])$/, "a range of IPv4 addresses", "e.g. 198.51.100.0/24"), 1),
  countOnly: listOf(oneOf(managedRules)),
  maxRequestsPerClient: (value, at) => (value === false ? [] : requests(value, at)),
});
