import { problemsOf } from "../../src/core/checks.ts";
import { type ExistingArgs, existingCheck, existingFindings } from "../../src/core/existing.ts";
import { existingSpec } from "../../src/core/existing-spec.ts";
import type { Settled } from "../../src/core/platform.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { OpaServerArgs } from "./opa-server.ts";

/** A policy server that runs already. Its policies are those that it has. */
export type ExistingOpa = ExistingArgs;

export const existingOpaCheck = existingCheck<ExistingOpa>({});

/** The same connection as a server of the stack has, to one that is there already. */
export function existingOpaSpec(name: string, { args, profile, origins }: Settled<OpaServerArgs>, place: ExistingOpa): SystemSpec {
  const at = { scheme: place.tls === false ? "http" : "https", workload: name };
  return existingSpec({
    kind: "OpaServer",
    name,
    problems: problemsOf(name, existingFindings(place, profile), origins),
    model: undefined,
    profile,
    place,
    ports: { port: place.port ?? 8181 },
    connections: { default: { ...at, port: "port", path: `/v1/data/${args.path}` }, diagnostic: { ...at, port: "diagnosticPort" } },
    given: args,
    used: ["path"],
  });
}
