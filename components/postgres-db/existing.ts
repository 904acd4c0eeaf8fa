import { mapOf, matching, problemsOf, shape } from "../../src/core/checks.ts";
import type { ConnectionSpec } from "../../src/core/connection.ts";
import { type ExistingArgs, type ExistingLogin, existingCheck, existingFindings, loginCheck, loginRules } from "../../src/core/existing.ts";
import { existingSpec } from "../../src/core/existing-spec.ts";
import type { Settled } from "../../src/core/platform.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import { type Databases, monitor, rolesOf } from "./databases.ts";
import type { PostgresDbArgs } from "./postgres-db.ts";

/** A database that is there already, as its owner sees it. */
export interface ExistingDatabase extends ExistingLogin {
  /**
   * Its name on that server.
   * @default the key
   * @change restart; of what is bound to it
   */
  readonly database?: string;
  /**
   * Further roles that log in, by the names that `grants` has.
   * @default none
   * @change restart; of what is bound to it
   */
  readonly roles?: Readonly<Record<string, ExistingLogin>>;
}

export type ExistingDatabases = Readonly<Record<string, ExistingDatabase>>;

/** A PostgreSQL server that runs already. */
export interface ExistingPostgres<D extends ExistingDatabases = ExistingDatabases> extends ExistingArgs {
  /**
   * Who logs in to each database that the topology declares.
   * @change restart; of what is bound to it
   */
  readonly databases: D;
  /**
   * Who may read statistics.
   * @default nobody
   * @change restart; of what is bound to it
   */
  readonly monitor?: ExistingLogin;
}

const word = matching(/^[A-Za-z0-9_][\w-]{0,62}$/, "the name of a database or a role", "e.g. orders");

export const existingPostgresCheck = existingCheck<ExistingPostgres>(
  {
    databases: mapOf(word, shape<ExistingDatabase>({ ...loginRules, database: word, roles: mapOf(word, loginCheck) }, ["password"])),
    monitor: loginCheck,
  },
  ["databases"],
);

/** Databases as a topology declares them, from those that are there. */
export const declaredBy = (databases: ExistingDatabases): Databases =>
  Object.fromEntries(
    Object.entries(databases).map(([name, { roles = {} }]) => [
      name,
      { grants: Object.fromEntries(Object.keys(roles).map((role) => [role, "read" as const])) },
    ]),
  );

/** The same connections as a server of the stack has, to one that is there already. */
export function existingPostgresSpec(
  own: SystemSpec,
  { args, profile, origins }: Settled<PostgresDbArgs<Databases>>,
  place: ExistingPostgres,
): SystemSpec {
  const declared = args.databases ?? {};
  const missing = Object.keys(declared)
    .filter((name) => !Object.hasOwn(place.databases, name))
    .map((name) => ({
      path: `existing.databases.${name}`,
      value: undefined,
      rule: "required: the topology has this database",
      fix: "say who logs in",
    }));
  const stray = Object.keys(place.databases)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => ({
      path: `existing.databases.${name}`,
      value: name,
      rule: `a database of the topology: ${Object.keys(declared).join(", ") || "none"}`,
      fix: "declare it under databases, or remove it",
    }));
  const findings = [...existingFindings(place, profile), ...missing, ...stray];
  const at = (database: string, username: string, secret: string): ConnectionSpec => ({
    scheme: "postgres",
    workload: own.name,
    port: "port",
    username,
    secret,
    database,
    ...(place.tls === false ? {} : { path: "?sslmode=require" }),
  });
  const connections = rolesOf(declared).map(({ role, database, access }) => {
    const { database: name = database, username = role, roles = {} } = place.databases[database] ?? {};
    if (access === "owner") return [database, at(name, username, `databases.${database}.password`)] as const;
    return [`${database}/${role}`, at(name, roles[role]?.username ?? role, `databases.${database}.roles.${role}.password`)] as const;
  });
  const passwords = Object.entries(place.databases).flatMap(([database, { password, roles = {} }]) => [
    [`databases.${database}.password`, password] as const,
    ...Object.entries(roles).map(([role, login]) => [`databases.${database}.roles.${role}.password`, login.password] as const),
  ]);
  return existingSpec({
    kind: own.kind,
    name: own.name,
    problems: [...own.problems, ...problemsOf(own.name, findings, origins)],
    model: own.model,
    profile,
    place,
    ports: { port: place.port ?? 5432 },
    secrets: { ...Object.fromEntries(passwords), "monitor.password": place.monitor?.password },
    connections: { ...Object.fromEntries(connections), [monitor]: at("postgres", place.monitor?.username ?? monitor, "monitor.password") },
    given: args,
    used: ["databases"],
  });
}
