import type { ConnectionSummary } from "../core/connection.ts";
import { componentsOf, type Plan } from "./plan.ts";

/** One way in from the developer's machine. */
export interface EndpointRow {
  readonly component: string;
  readonly url: string;
  readonly user: string;
  /** Name of the credential; empty when none is needed. */
  readonly credential: string;
}

export function endpointsOf(plan: Plan): EndpointRow[] {
  return componentsOf(plan).flatMap(({ name, outputs }) =>
    Object.values((outputs.connections ?? {}) as Record<string, ConnectionSummary>)
      .filter(({ external }) => external)
      .map(({ scheme, external, username, database, credential }) => ({
        component: name,
        url: `${scheme}://${external}${database ? `/${database}` : ""}`,
        user: username ?? "",
        credential: credential ?? "",
      })),
  );
}
