import { createHash } from "node:crypto";
import { concat, type SecretText, secretRef, text } from "../../src/core/text.ts";
import { type DatabaseArgs, type Databases, monitor, ownerOf, rolesOf } from "./databases.ts";
import { administrator, conninfo, type Server } from "./server.ts";

/** Marks roles that the library made, so that one that is no longer declared can be locked. */
const mark = "managed by groundplan";

const quote = (identifier: string) => `"${identifier}"`;
const literal = (value: string) => `'${value.replaceAll("'", "''")}'`;

/**
 * SQL that brings a server to what is declared, however often it runs. It runs as the administrator: a superuser, or one
 * who may only make roles and databases, as managed services have it. Lost or rotated passwords of all others heal here.
 */
export function reconcileSql(databases: Databases): SecretText {
  const roles = [...new Set(rolesOf(databases).map(({ role }) => role))];
  return concat(
    `\\set ON_ERROR_STOP on\n${quiet}SELECT current_setting('is_superuser')::boolean AS superuser \\gset\n`,
    ...[...roles, monitor].map(roleSql),
    `GRANT pg_monitor TO ${quote(monitor)};\n`,
    lockStrayRoles([...roles, monitor]),
    ...Object.entries(databases).map(([name, args]) => rememberOwner(name, ownerOf(name, args))),
    ...Object.entries(databases).map(([name, args]) => databaseSql(name, args)),
    // Last: giving away what a former owner had in one database also moves its other databases.
    ...Object.entries(databases).map(([name, args]) => ownerSql(name, ownerOf(name, args))),
    "\\echo reconciled\n",
  );
}

/** Runs the SQL of a file as the administrator. The password is in the environment of psql alone: an argument could be seen by others. */
export const reconcileScript = (server: Server, passwordFile: string, sqlFile: string) => `set -eu
PGPASSWORD=$(cat ${passwordFile})
export PGPASSWORD
exec psql -X -w -q -v ON_ERROR_STOP=1 -f ${sqlFile} "${conninfo(server, administrator, "postgres")}"
`;

/** A statement with a password must not reach the log or the statistics, not even when it fails. Needed anew in each database. */
const quiet = `SET client_min_messages = 'warning';
SELECT format('SET %s = %L', name, value)
  FROM (VALUES ('log_statement', 'none'), ('log_min_error_statement', 'panic'), ('log_min_duration_statement', '-1'),
               ('pg_stat_statements.track_utility', 'off')) AS quiet (name, value)
 WHERE has_parameter_privilege(name, 'SET') \\gexec
`;

/** An administrator who is no superuser must be a member of a role to give things to it, or take them from it. */
const roleSql = (role: string): SecretText => text`
SELECT format('CREATE ROLE %I LOGIN', ${literal(role)}) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(role)}) \\gexec
\\if :superuser
ALTER ROLE ${quote(role)} WITH NOSUPERUSER;
\\else
GRANT ${quote(role)} TO CURRENT_USER;
\\endif
ALTER ROLE ${quote(role)} WITH LOGIN NOCREATEDB NOCREATEROLE PASSWORD '${secretRef(role)}';
COMMENT ON ROLE ${quote(role)} IS ${literal(mark)};
`;

const lockStrayRoles = (roles: readonly string[]) => `
SELECT format('ALTER ROLE %I NOLOGIN', rolname) FROM pg_roles
 WHERE shobj_description(oid, 'pg_authid') = ${literal(mark)} AND rolcanlogin
   AND NOT (rolname = ANY (ARRAY[${roles.map(literal).join(", ")}]::name[])) \\gexec
`;

/** A grant that is taken out closes the database to that role, also when the role lives on for another one. */
const revokeStrayRoles = (
  database: string,
  roles: readonly string[],
) => `SELECT format('REVOKE ALL ON DATABASE %I FROM %I', ${literal(database)}, rolname) FROM pg_roles
 WHERE shobj_description(oid, 'pg_authid') = ${literal(mark)} AND NOT (rolname = ANY (ARRAY[${roles.map(literal).join(", ")}]::name[])) \\gexec`;

/** Who owned the database before this run. What belongs to administrators stays with them. */
const rememberOwner = (database: string, owner: string) =>
  `SELECT coalesce((SELECT rolname FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba
  WHERE datname = ${literal(database)} AND NOT rolsuper AND rolname <> current_user), ${literal(owner)}) AS old_owner_of_${database} \\gset\n`;

/** The right comes with the grant: one that was taken from a former owner does not come back with the ownership. */
const ownerSql = (database: string, owner: string) =>
  `ALTER DATABASE ${quote(database)} OWNER TO ${quote(owner)};\nGRANT ALL ON DATABASE ${quote(database)} TO ${quote(owner)};\n`;

/** A new owner gets everything of the old one. Schemas go first: who gets a function must be allowed to create in its schema. */
const reassign = (database: string, owner: string) => {
  const before = `:'old_owner_of_${database}'`;
  return `SELECT format('ALTER SCHEMA %I OWNER TO %I', nspname, ${literal(owner)}) FROM pg_namespace
 WHERE pg_get_userbyid(nspowner) = ${before} AND ${before} <> ${literal(owner)} \\gexec
SELECT format('REASSIGN OWNED BY %I TO %I', ${before}, ${literal(owner)}) WHERE ${before} <> ${literal(owner)} \\gexec`;
};

function databaseSql(name: string, args: DatabaseArgs): SecretText {
  const owner = ownerOf(name, args);
  const grants = Object.entries(args.grants ?? {});
  return concat(`
SELECT format('CREATE DATABASE %I OWNER %I', ${literal(name)}, ${literal(owner)}) WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = ${literal(name)}) \\gexec
\\connect ${quote(name)}
${quiet}ALTER SCHEMA public OWNER TO ${quote(owner)};
${reassign(name, owner)}
REVOKE ALL ON DATABASE ${quote(name)} FROM PUBLIC;
${revokeStrayRoles(name, [owner, ...grants.map(([role]) => role)])}
${grants.map(([role]) => `GRANT CONNECT ON DATABASE ${quote(name)} TO ${quote(role)};`).join("\n")}
REVOKE ALL ON SCHEMA public FROM PUBLIC;
${(args.extensions ?? []).map((extension) => `CREATE EXTENSION IF NOT EXISTS ${quote(extension)};`).join("\n")}
${grants.map(([role, access]) => grantSql(owner, role, access)).join("\n")}
${args.initSql ? initSql(owner, args.initSql) : ""}
`);
}

function grantSql(owner: string, role: string, access: "read" | "write"): string {
  const rights = access === "read" ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE";
  const future = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quote(owner)} IN SCHEMA public`;
  return `GRANT USAGE ON SCHEMA public TO ${quote(role)};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${quote(role)};
GRANT ${rights} ON ALL TABLES IN SCHEMA public TO ${quote(role)};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${quote(role)};
GRANT ${access === "read" ? "SELECT" : "USAGE, SELECT"} ON ALL SEQUENCES IN SCHEMA public TO ${quote(role)};
${future} REVOKE ALL ON TABLES FROM ${quote(role)};
${future} GRANT ${rights} ON TABLES TO ${quote(role)};
${future} REVOKE ALL ON SEQUENCES FROM ${quote(role)};
${future} GRANT ${access === "read" ? "SELECT" : "USAGE, SELECT"} ON SEQUENCES TO ${quote(role)};`;
}

/** Once per content, remembered in the database itself, so that it travels with the data. */
function initSql(owner: string, sql: string): string {
  const hash = createHash("sha256").update(sql).digest("hex");
  return `CREATE SCHEMA IF NOT EXISTS groundplan;
CREATE TABLE IF NOT EXISTS groundplan.init_sql (hash text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
SELECT NOT EXISTS (SELECT FROM groundplan.init_sql WHERE hash = '${hash}') AS pending \\gset
\\if :pending
BEGIN;
SET LOCAL ROLE ${quote(owner)};
${sql.trimEnd()}
;
RESET ROLE;
INSERT INTO groundplan.init_sql (hash) VALUES ('${hash}');
COMMIT;
\\endif`;
}
