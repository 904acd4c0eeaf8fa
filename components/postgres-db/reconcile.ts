import { createHash } from "node:crypto";
import { concat, type SecretText, secretRef, text } from "../../src/core/text.ts";
import { type DatabaseArgs, type Databases, ownerOf, rolesOf } from "./databases.ts";

/** Marks roles that the library made, so that one that is no longer declared can be locked. */
const mark = "managed by groundplan";

const quote = (identifier: string) => `"${identifier}"`;
const literal = (value: string) => `'${value.replaceAll("'", "''")}'`;

/**
 * SQL that brings a server to what is declared, however often it runs. It runs as the server's own user over the local
 * socket, so it works whatever passwords the data was made with: lost or rotated credentials heal here.
 */
export function reconcileSql(databases: Databases): SecretText {
  const roles = [...new Set(rolesOf(databases).map(({ role }) => role))];
  return concat(
    // A statement with a password must not reach the log, not even when it fails.
    "\\set ON_ERROR_STOP on\nSET log_statement = 'none';\nSET log_min_error_statement = 'panic';\nSET log_min_duration_statement = -1;\nSET client_min_messages = 'warning';\n",
    ...roles.map(roleSql),
    lockStrayRoles(roles),
    ...Object.keys(databases).map(rememberOwner),
    ...Object.entries(databases).map(([name, args]) => databaseSql(name, args)),
    // Last: giving away what a former owner had in one database also moves its other databases.
    ...Object.entries(databases).map(([name, args]) => ownerSql(name, ownerOf(name, args))),
    "\\echo reconciled\n",
  );
}

const roleSql = (role: string): SecretText => text`
SELECT format('CREATE ROLE %I LOGIN', ${literal(role)}) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(role)}) \\gexec
ALTER ROLE ${quote(role)} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${secretRef(role)}';
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

/** Who owned the database before this run. */
const rememberOwner = (database: string) =>
  `SELECT coalesce((SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = ${literal(database)}), 'postgres') AS old_owner_of_${database} \\gset\n`;

/** The right comes with the grant: one that was taken from a former owner does not come back with the ownership. */
const ownerSql = (database: string, owner: string) =>
  `ALTER DATABASE ${quote(database)} OWNER TO ${quote(owner)};\nGRANT ALL ON DATABASE ${quote(database)} TO ${quote(owner)};\n`;

/** A new owner gets everything of the old one. */
const reassign = (database: string, owner: string) => {
  const before = `:'old_owner_of_${database}'`;
  return `SELECT format('REASSIGN OWNED BY %I TO %I', ${before}, ${literal(owner)}) WHERE ${before} NOT IN (${literal(owner)}, 'postgres') \\gexec`;
};

function databaseSql(name: string, args: DatabaseArgs): SecretText {
  const owner = ownerOf(name, args);
  const grants = Object.entries(args.grants ?? {});
  return concat(`
SELECT format('CREATE DATABASE %I OWNER %I', ${literal(name)}, ${literal(owner)}) WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = ${literal(name)}) \\gexec
\\connect ${quote(name)}
${reassign(name, owner)}
REVOKE ALL ON DATABASE ${quote(name)} FROM PUBLIC;
${revokeStrayRoles(name, [owner, ...grants.map(([role]) => role)])}
${grants.map(([role]) => `GRANT CONNECT ON DATABASE ${quote(name)} TO ${quote(role)};`).join("\n")}
SET log_min_error_statement = 'panic';
SET client_min_messages = 'warning';
ALTER SCHEMA public OWNER TO ${quote(owner)};
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

/** Writes and reads as each owner, reads as each further role, over the network with its password. */
export function checkScript(host: string, databases: Databases): SecretText {
  return concat(
    'set -eu\nsql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }\n',
    ...rolesOf(databases).map(({ role, database, access }) => {
      const call = text`export PGPASSWORD=${secretRef(role)}\non="host=${host} user=${role} dbname=${database} connect_timeout=5"\n`;
      return concat(call, access === "owner" ? ownerCheck(role, database) : roleCheck(role, database, access));
    }),
    `if PGPASSWORD=wrong sql "host=${host} user=postgres dbname=postgres connect_timeout=5" -c 'SELECT 1' >/dev/null 2>&1; then echo "the superuser is reachable over the network"; exit 1; fi\n`,
    `echo "${summary(databases)}"\n`,
  );
}

const summary = (databases: Databases) => {
  const roles = rolesOf(databases);
  const owners = roles.filter((r) => r.access === "owner").map((r) => `${r.role}@${r.database}`);
  return owners.length > 0 ? `wrote and read as ${owners.join(", ")}; superuser only on the local socket` : "superuser only on the local socket";
};

const ownerCheck = (role: string, database: string) => `got=$(sql "$on" <<'END'
BEGIN;
CREATE TABLE groundplan_verify (word text);
INSERT INTO groundplan_verify VALUES ('written');
SELECT word FROM groundplan_verify;
ROLLBACK;
END
)
[ "$got" = written ] || { echo "${role} cannot write and read in ${database}: $got"; exit 1; }
`;

const roleCheck = (
  role: string,
  database: string,
  access: string,
) => `sql "$on" -c 'SELECT 1' >/dev/null || { echo "${role} cannot connect to ${database}"; exit 1; }
if sql "$on" -c 'CREATE TABLE groundplan_verify (word text)' >/dev/null 2>&1; then echo "${role} may create tables in ${database} with access ${access}"; exit 1; fi
`;
