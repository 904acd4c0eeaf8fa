import type { ConnectionSpec } from "./connection.ts";
import type { ExistingArgs, ExistingSystem } from "./existing.ts";
import type { Observed } from "./observed.ts";
import type { Profile } from "./profile.ts";
import type { Digest, SystemSpec } from "./system.ts";

export interface ExistingParts extends Pick<SystemSpec, "kind" | "name" | "problems" | "model"> {
  readonly profile: Profile;
  readonly place: ExistingArgs;
  readonly ports: ExistingSystem["ports"];
  readonly secrets?: ExistingSystem["secrets"];
  readonly env?: ExistingSystem["env"];
  readonly connections: SystemSpec["connections"];
  /** Arguments that somebody gave, and those that mean something for a system that is there already. */
  readonly given: object;
  readonly used: readonly string[];
}

/** A system that runs elsewhere: the same connections, and nothing that is made. */
export function existingSpec({
  kind,
  name,
  problems,
  model,
  profile,
  place,
  ports,
  secrets = {},
  env,
  connections,
  given,
  used,
}: ExistingParts): SystemSpec {
  const { host, ca, network, tls = true } = place;
  const unused = Object.keys(given).filter((key) => !["platform", "existing", "overrides", ...used].includes(key));
  const port = Object.values(ports).find((number) => number !== undefined) ?? 0;
  const withTls = (connection: ConnectionSpec): ConnectionSpec => ({ ...connection, workload: name, tls });
  return {
    kind,
    name,
    problems,
    warnings: unused.length > 0 ? [`runs elsewhere, so ${unused.join(", ")} of it ${unused.length > 1 ? "are" : "is"} as they made it there`] : [],
    digest: existingDigest(kind, name, profile, `${typeof host === "string" ? host : "a host that is known later"}:${port}`),
    secrets: {},
    workloads: [],
    jobs: [],
    connections: Object.fromEntries(Object.entries(connections).map(([key, connection]) => [key, withTls(connection)])),
    model,
    existing: { host, ports, secrets, ...(env ? { env } : {}), ...(ca === undefined ? {} : { ca }), ...(network ? { network } : {}) },
    asks: [{ capability: "existing", path: "existing", value: typeof host === "string" ? host : undefined }],
  };
}

const notHere = "runs elsewhere";

/** For whoever watches components: of one that runs elsewhere there is nothing to ask. */
export const elsewhere = ({ existing }: Pick<SystemSpec, "existing">): Pick<Observed, "elsewhere"> => (existing ? { elsewhere: true } : {});

const existingDigest = (kind: string, name: string, profile: Profile, existing: string): Digest => ({
  kind,
  profile: profile.name,
  replicas: 0,
  probe: notHere,
  probes: { [name]: notHere },
  bindings: {},
  reaches: { [name]: [] },
  published: [],
  storageGiB: 0,
  egress: [],
  existing,
});
