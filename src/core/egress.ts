import { type Check, integer, listOf, matching, shape } from "./checks.ts";
import type { Problem } from "./problems.ts";
import type { StackSettings } from "./settings.ts";
import type { SystemSpec } from "./system.ts";
import type { EgressRule } from "./workload.ts";

export const egressCheck: Check = listOf(
  shape<EgressRule>({ host: matching(/^[a-z0-9*]([a-z0-9.-]*[a-z0-9])?$/, "a host name", "e.g. api.github.com"), port: integer(1, 65_535) }, [
    "host",
    "port",
  ]),
);

/** Outbound addresses that a component declares and this environment does not allow. */
export function disallowedEgress(spec: SystemSpec, { egress, origins }: Pick<StackSettings, "egress" | "origins">): Problem[] {
  if (!egress) return [];
  const declared = [
    ...spec.workloads.flatMap(({ egress: rules, egressFrom }) => rules.map(({ host, port }) => ({ address: `${host}:${port}`, egressFrom }))),
    // What is bound to a system elsewhere goes out as well.
    ...(spec.digest.existing === undefined ? [] : [{ address: spec.digest.existing, egressFrom: "existing.host" }]),
  ];
  return declared.flatMap(({ address, egressFrom }, index) =>
    egress.some((allowed) => allows(allowed, address))
      ? []
      : [
          {
            component: spec.name,
            path: egressFrom ?? `egress[${index}]`,
            value: address,
            rule: `one of the addresses that this environment allows (${origins.egress ?? "egress"}): ${egress.join(", ") || "none"}`,
            fix: egressFrom ? "add it to egress in the stack file" : "remove it, or add it to egress in the stack file",
            code: "GP327" as const,
          },
        ],
  );
}

/** `*.example.com:443` allows every host below that domain. */
function allows(allowed: string, address: string): boolean {
  if (!allowed.startsWith("*.")) return allowed === address;
  const tail = allowed.slice(1);
  return address.endsWith(tail) && address.length > tail.length;
}
