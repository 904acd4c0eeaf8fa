import { integer, problemsOf } from "../../src/core/checks.ts";
import { type ExistingArgs, type ExistingLogin, existingCheck, existingFindings, loginCheck, loginRules } from "../../src/core/existing.ts";
import { existingSpec } from "../../src/core/existing-spec.ts";
import type { Settled } from "../../src/core/platform.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { NatsClusterArgs } from "./nats-cluster.ts";

/** A cluster that runs already, and who logs in. Its streams and consumers are made by those who run it. */
export interface ExistingNats extends ExistingArgs, ExistingLogin {
  /**
   * User of the system account.
   * @default nobody
   * @change restart; of what is bound to it
   */
  readonly system?: ExistingLogin;
  /**
   * Port of its monitoring endpoint.
   * @default none
   * @unit port number
   * @change restart; of what is bound to it
   */
  readonly monitorPort?: number;
}

export const existingNatsCheck = existingCheck<ExistingNats>({ ...loginRules, system: loginCheck, monitorPort: integer(1, 65_535) }, ["password"]);

/** The same connections as a cluster of the stack has, to one that is there already. */
export function existingNatsSpec(own: SystemSpec, { args, profile, origins }: Settled<NatsClusterArgs>, place: ExistingNats): SystemSpec {
  // Servers say in their greeting that they want TLS, so the scheme is the same.
  const at = { scheme: "nats", workload: own.name, port: "port" };
  return existingSpec({
    kind: own.kind,
    name: own.name,
    problems: [...own.problems, ...problemsOf(own.name, existingFindings(place, profile), origins)],
    model: own.model,
    profile,
    place,
    ports: { port: place.port ?? 4222, monitorPort: place.monitorPort },
    secrets: { password: place.password, "system.password": place.system?.password },
    connections: {
      default: { ...at, username: place.username ?? "app", secret: "password" },
      system: { ...at, username: place.system?.username ?? "system", secret: "system.password" },
      monitor: { scheme: place.tls === false ? "http" : "https", workload: own.name, port: "monitorPort" },
    },
    given: args,
    used: [],
  });
}
