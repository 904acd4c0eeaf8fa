import { databaseEnv, type Store, stores } from "./stores.ts";

const folders: Readonly<Record<Store, string>> = { database: "temporal", visibility: "visibility" };

/**
 * Brings both databases to the schema of the tools that run it. They exist already, with their owners. Setting up what is
 * set up may fail with some releases of the tool; an update that fails is an error.
 */
export const schemaScript = `set -eu
tool() { temporal-sql-tool --plugin postgres12 "$@" >/tmp/said 2>&1; }
${stores.map(update).join("")}`;

function update(store: Store): string {
  const { host, port, user, password, database } = databaseEnv(store);
  return `export SQL_HOST="$${host}" SQL_PORT="$${port}" SQL_USER="$${user}" SQL_PASSWORD="$${password}" SQL_DATABASE="$${database}"
tool setup-schema -v 0.0 || true
tool update-schema -d /etc/temporal/schema/postgresql/v12/${folders[store]}/versioned ||
  { tail -n 20 /tmp/said; echo "the schema of database $${database} could not be updated"; exit 1; }
echo "the schema of database $${database} is up to date"
`;
}
