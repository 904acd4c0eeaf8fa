import { integer, problemsOf } from "../../src/core/checks.ts";
import { type ExistingArgs, existingCheck, existingFindings } from "../../src/core/existing.ts";
import { existingSpec } from "../../src/core/existing-spec.ts";
import type { Settled } from "../../src/core/platform.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { namesOf, namespaceKey } from "./namespaces.ts";
import type { TemporalServerArgs } from "./temporal-server.ts";

/** A server that runs already. Its namespaces are made by those who run it. */
export interface ExistingTemporal extends ExistingArgs {
  /**
   * Port of its figures in the Prometheus format.
   * @default none
   * @unit port number
   * @change restart; of what is bound to it
   */
  readonly metricsPort?: number;
}

export const existingTemporalCheck = existingCheck<ExistingTemporal>({ metricsPort: integer(1, 65_535) });

/** The same connections as a server of the stack has, to one that is there already; it has no web UI of ours. */
export function existingTemporalSpec(
  name: string,
  { args, profile, origins }: Pick<Settled<TemporalServerArgs>, "args" | "profile" | "origins">,
  place: ExistingTemporal,
): SystemSpec {
  return existingSpec({
    kind: "TemporalServer",
    name,
    problems: problemsOf(name, existingFindings(place, profile), origins),
    model: undefined,
    profile,
    place,
    ports: { port: place.port ?? 7233, metricsPort: place.metricsPort },
    connections: {
      ...Object.fromEntries(
        namesOf(args.namespaces).map((namespace) => [
          namespaceKey(namespace),
          { scheme: "temporal", workload: name, port: "port", path: `/${namespace}` },
        ]),
      ),
      metrics: { scheme: "http", workload: name, port: "metricsPort" },
    },
    given: args,
    used: ["namespaces"],
  });
}
