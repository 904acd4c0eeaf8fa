import { type Check, listOf, matching, oneOf, shape } from "../../src/core/checks.ts";

/** Groups of rules that AWS keeps, by the names that it gives them. */
export const managedRules = ["ip-reputation", "common", "known-bad-inputs", "sqli"] as const;
export type ManagedRules = (typeof managedRules)[number];

export interface GatewayAwsArgs {
  /** Ranges of IPv4 addresses that may connect, e.g. those of an office. Changing it: safe. @default ["0.0.0.0/0"], everybody */
  readonly allowFrom?: readonly string[];
  /** Groups of managed rules that count and stop nothing, e.g. while it is found out what they would stop. Changing it: safe. @default none */
  readonly countOnly?: readonly ManagedRules[];
}

export const gatewayAwsCheck: Check = shape<GatewayAwsArgs>({
  allowFrom: listOf(matching(/^(?:\d{1,3}\.){3}\d{1,3}\/(?:\d|[12]\d|3[0-2])$/, "a range of IPv4 addresses", "e.g. 198.51.100.0/24"), 1),
  countOnly: listOf(oneOf(managedRules)),
});
