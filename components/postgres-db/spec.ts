import { aPlatform, decimal, either, flag, integer, mapOf, matching, oneOf, problemsOf, type Rules } from "../../src/core/checks.ts";
import type { ConnectionSpec } from "../../src/core/connection.ts";
import { checkJob, digestOf, filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { exec } from "../../src/core/probe.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { secretRef, text } from "../../src/core/text.ts";
import type { VolumeSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { type Databases, databasesCheck, namesOf, ownGrants, rolesOf } from "./databases.ts";
import type { PostgresDbArgs } from "./postgres-db.ts";
import { checkScript, reconcileSql } from "./reconcile.ts";
import { hostRules, ownSettings, serverFlags } from "./settings.ts";

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
};

const data: Omit<VolumeSpec, "storageGiB"> = { name: "data", path: "/var/lib/postgresql/data", kind: "data" };
const socket: VolumeSpec = { name: "socket", path: "/var/run/postgresql", kind: "shared", storageGiB: 0 };

/** Everything about a server that does not depend on the target. */
export function postgresDbSpec(name: string, { args, profile, problems, origins }: Settled<PostgresDbArgs<Databases>>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<PostgresDbArgs<Databases>> = problems.length > 0 ? {} : args;
  const { version = "16", storageGiB = profile.storageGiB, databases: declared = {} } = given;
  const memoryMiB = given.memoryMiB ?? profile.resources.database.memoryMiB;
  const allProblems = problems.length > 0 ? problems : problemsOf(name, ownGrants(declared), origins);
  const databases = allProblems.length > 0 ? {} : declared;
  const roles = rolesOf(databases);
  // TCP on purpose: while the data directory is made, a temporary server answers on the socket.
  const probe = exec(["pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres", "-d", "postgres"], { startSeconds: 60, retries: 10 });
  const client = tableContainer(`postgres:${version}`, profile.resources.job);
  const server: WorkloadSpec = {
    ...client,
    ...tableServer(`postgres:${version}`),
    name,
    replicas: 1,
    identity: "any",
    env: {
      PGDATA: `${data.path}/pgdata`,
      POSTGRES_PASSWORD_FILE: `${folder}/superuser-password`,
      POSTGRES_INITDB_ARGS: "--data-checksums --encoding=UTF8 --locale-provider=icu --icu-locale=en-US --auth-host=scram-sha-256 --auth-local=peer",
    },
    command: ["postgres", ...serverFlags({ memoryMiB, maxConnections: given.maxConnections ?? 100, settings: given.settings ?? {}, folder })],
    files: [
      { path: `${folder}/pg_hba.conf`, content: hostRules },
      { path: `${folder}/superuser-password`, content: text`${secretRef("postgres")}` },
    ],
    volumes: [{ ...data, storageGiB, format: `postgres-${version}` }, socket],
    resources: { memoryMiB, cpus: profile.resources.database.cpus },
    sharedMemoryMiB: Math.max(64, Math.floor(memoryMiB / 4)),
    ports: { sql: { port: 5432, protocol: "postgres", published: profile.publishData } },
    probe,
  };
  const reconcile = ["-h", socket.path, "-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-f", `${folder}/reconcile.sql`];
  return {
    kind: "PostgresDb",
    name,
    problems: allProblems,
    warnings: [],
    digest: digestOf("PostgresDb", profile, server),
    secrets: {
      postgres: { use: `superuser of ${name}, on the local socket only` },
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
        after: [name],
        entrypoint: ["psql", "-X", "-q", ...reconcile],
        files: [{ path: `${folder}/reconcile.sql`, content: reconcileSql(databases) }],
        volumes: [socket],
        timeoutSeconds: 300,
      },
      checkJob(name, client, checkScript(name, databases)),
    ],
    connections: Object.fromEntries(
      rolesOf(problems.length > 0 ? namesOf(args.databases) : declared).map(({ role, database, access }): [string, ConnectionSpec] => [
        access === "owner" ? database : `${database}/${role}`,
        { scheme: "postgres", workload: name, port: "sql", username: role, secret: role, database },
      ]),
    ),
  };
}
