import { concat, type SecretText, secretRef, text } from "../../src/core/text.ts";
import { type Databases, rolesOf } from "./databases.ts";
import { administrator, conninfo, type Server } from "./server.ts";

/**
 * Writes and reads as each owner, reads as each further role, over the network with its password; and tries the
 * administrator without the right one. Runs in any shell with `psql` and `pg_isready`.
 */
export function checkScript(server: Server, databases: Databases): SecretText {
  return concat(
    'set -eu\nsql() { psql -X -w -q -A -t -v ON_ERROR_STOP=1 "$@"; }\n',
    ...rolesOf(databases).map(({ role, database, access }) => {
      const call = text`export PGPASSWORD=${secretRef(role)}\n${on(server, role, database)}`;
      return concat(call, access === "owner" ? ownerCheck(role, database) : roleCheck(role, database, access));
    }),
    administratorCheck(server),
    `echo "${summary(databases)}"\n`,
  );
}

const on = (server: Server, role: string, database: string) => `on="${conninfo(server, role, database)}"\n`;

const summary = (databases: Databases) => {
  const owners = rolesOf(databases).filter(({ access }) => access === "owner");
  const wrote = owners.length > 0 ? `wrote and read as ${owners.map(({ role, database }) => `${role}@${database}`).join(", ")}; ` : "";
  return `${wrote}the administrator only with the right password`;
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

/** That the server answers is asked first: one that cannot be reached refuses everybody. */
const administratorCheck = (
  server: Server,
) => `${on(server, administrator, "postgres")}pg_isready -q -d "$on" || { echo "the server does not answer"; exit 1; }
for PGPASSWORD in wrong ""; do
  export PGPASSWORD
  if sql "$on" -c 'SELECT 1' >/dev/null 2>&1; then echo "the administrator gets in with the password '$PGPASSWORD'"; exit 1; fi
done
`;
