import { aPlatform, decimal, either, flag, integer, mapOf, matching, oneOf, problemsOf, type Rules } from "../../src/core/checks.ts";
import type { ConnectionSpec } from "../../src/core/connection.ts";
import { checkJob, digestOf, filesFolder as folder, sizeAsks, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { exec } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { secretRef, text } from "../../src/core/text.ts";
import type { VolumeSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { archiveCheck, archiveFindings, archiveSettings } from "./archive.ts";
import { postgresAwsCheck, postgresAwsFindings, replicaKeys } from "./aws-args.ts";
import { checkScript } from "./check.ts";
import { type Databases, databasesCheck, monitor, namesOf, ownGrants, rolesOf } from "./databases.ts";
import { existingPostgresCheck, existingPostgresSpec } from "./existing.ts";
import type { PostgresModel } from "./model.ts";
import type { PostgresDbArgs } from "./postgres-db.ts";
import { reconcileScript, reconcileSql } from "./reconcile.ts";
import { administrator } from "./server.ts";
import { archivedHostRules, hostRules, ownSettings, serverFlags } from "./settings.ts";
import { startScript } from "./start.ts";

export const postgresDbRules: Rules<PostgresDbArgs<Databases>> = {
  platform: aPlatform,
  version: oneOf(["16", "17"]),
  databases: databasesCheck,
  maxConnections: integer(10, 5000, "connections"),
  settings: mapOf(
    (value, at) =>
      ownSettings.includes(value as string)
        ? [{ path: at, value, rule: "a setting that the component does not make itself", fix: "remove it" }]
        : matching(/^[a-z][a-z0-9_.]*$/, "the name of a setting", "e.g. work_mem")(value, at),
    either(matching(/^[^'"\\\n]*$/, "text without quotes", "write e.g. 64MB"), decimal(-1e12, 1e12), flag),
  ),
  memoryMiB: integer(128, 1_048_576, "MiB"),
  storageGiB: integer(1, 65_536, "GiB"),
  archive: archiveCheck,
  aws: postgresAwsCheck,
  existing: existingPostgresCheck,
};

const data: Omit<VolumeSpec, "storageGiB"> = { name: "data", path: "/var/lib/postgresql/data" };
const port = 5432;
const password = { path: `${folder}/administrator-password`, content: text`${secretRef(administrator)}` };

/** Everything about a server that does not depend on the target. */
export function postgresDbSpec(name: string, settled: Settled<PostgresDbArgs<Databases>>): SystemSpec {
  const own = ownServer(name, settled);
  const { existing } = settled.args;
  return existing === undefined || settled.problems.length > 0 ? own : existingPostgresSpec(own, settled, existing);
}

function ownServer(name: string, { args, profile, problems, origins }: Settled<PostgresDbArgs<Databases>>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<PostgresDbArgs<Databases>> = problems.length > 0 ? {} : args;
  const { version = "16", storageGiB = profile.storageGiB, databases: declared = {} } = given;
  const memoryMiB = given.memoryMiB ?? profile.resources.database.memoryMiB;
  const allProblems =
    problems.length > 0
      ? problems
      : problemsOf(
          name,
          [...ownGrants(declared), ...postgresAwsFindings(given.aws ?? {}, profile), ...archiveFindings(given.archive, given.settings)],
          origins,
        );
  const databases = allProblems.length > 0 ? {} : declared;
  const roles = rolesOf(databases);
  // TCP on purpose: while the data directory is made, a temporary server answers on the socket.
  const probe = exec(["pg_isready", "-q", "-h", "127.0.0.1", "-U", administrator, "-d", "postgres"], { startSeconds: 60, retries: 10 });
  const client = tableContainer(`postgres:${version}`, profile.resources.job);
  const server: WorkloadSpec = {
    ...client,
    ...tableServer(`postgres:${version}`),
    name,
    replicas: 1,
    identity: "any",
    env: {
      ...given.archive?.env,
      PGDATA: `${data.path}/pgdata`,
      POSTGRES_PASSWORD_FILE: password.path,
      POSTGRES_INITDB_ARGS: "--data-checksums --encoding=UTF8 --locale-provider=icu --icu-locale=en-US --auth-host=scram-sha-256 --auth-local=peer",
    },
    entrypoint: ["sh", `${folder}/start.sh`],
    command: serverFlags({
      memoryMiB,
      maxConnections: given.maxConnections ?? 100,
      settings: given.settings ?? {},
      archive: archiveSettings(given.archive),
      folder,
    }),
    files: [
      { path: `${folder}/pg_hba.conf`, content: given.archive ? archivedHostRules : hostRules },
      { path: `${folder}/start.sh`, content: startScript },
      password,
    ],
    volumes: [{ ...data, storageGiB, format: `postgres-${version}` }],
    scratch: [...client.scratch, "/var/run/postgresql"],
    resources: { memoryMiB, cpus: profile.resources.database.cpus },
    egress: given.archive?.egress ?? [],
    sharedMemoryMiB: Math.max(64, Math.floor(memoryMiB / 4)),
    ports: { sql: { port, protocol: "postgres", published: profile.publishData } },
    probe,
  };
  const model: PostgresModel = {
    version,
    databases,
    maxConnections: given.maxConnections,
    settings: given.settings ?? {},
    memoryMiB: given.memoryMiB,
    storageGiB,
    aws: given.aws ?? {},
  };
  return {
    kind: "PostgresDb",
    name,
    problems: allProblems,
    warnings: [],
    digest: digestOf("PostgresDb", profile, server),
    secrets: {
      [administrator]: { use: `administrator of ${name}` },
      [monitor]: { use: `statistics of ${name}` },
      ...Object.fromEntries(
        roles.map(({ role, database, access }) => [role, { use: access === "owner" ? `owner of ${database}` : `${access} on ${database}` }]),
      ),
    },
    workloads: [server],
    jobs: [
      {
        ...client,
        name: `${name}-databases`,
        when: "up",
        joins: name,
        after: [name],
        entrypoint: ["sh", `${folder}/reconcile.sh`],
        files: [
          { path: `${folder}/reconcile.sh`, content: reconcileScript({ host: name, port }, password.path, `${folder}/reconcile.sql`) },
          { path: `${folder}/reconcile.sql`, content: reconcileSql(databases) },
          password,
        ],
        volumes: [],
        timeoutSeconds: 300,
      },
      checkJob(name, client, checkScript({ host: name, port }, databases)),
    ],
    connections: {
      ...Object.fromEntries(
        rolesOf(problems.length > 0 ? namesOf(args.databases) : declared).flatMap(({ role, database, access }): [string, ConnectionSpec][] => {
          const connection: ConnectionSpec = { scheme: "postgres", workload: name, port: "sql", username: role, secret: role, database };
          const key = access === "owner" ? database : `${database}/${role}`;
          return [key, ...replicaKeys(key, args.aws)].map((each) => [each, connection]);
        }),
      ),
      [monitor]: { scheme: "postgres", workload: name, port: "sql", username: monitor, secret: monitor, database: administrator },
    },
    model,
    asks: [
      ...sizeAsks(given),
      ...(given.archive ? [{ capability: "archive" as const, path: "archive", value: given.archive.command }] : []),
      ...(given.aws ? [{ capability: "managed" as const, path: "aws", value: given.aws }] : []),
    ],
  };
}
