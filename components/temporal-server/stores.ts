import type { ConnectionSummary, DatabaseConnection } from "../../src/core/connection.ts";
import type { EnvValue, ResolvedBinding } from "../../src/core/workload.ts";

/** The two databases, by the names of their arguments. */
export const stores = ["database", "visibility"] as const;
export type Store = (typeof stores)[number];

/** The databases as far as they are given. */
export type Stores = Partial<Readonly<Record<Store, DatabaseConnection>>>;

/** Variables under which the jobs find a database. */
export function databaseEnv(store: Store) {
  const key = store.toUpperCase();
  return { host: `${key}_HOST`, port: `${key}_PORT`, user: `${key}_USER`, password: `${key}_PASSWORD`, database: `${key}_NAME` };
}

/** What the jobs get: nothing else than the environment takes values that are known only when the databases are made. */
export const jobEnv = (given: Stores): Record<string, EnvValue> =>
  Object.fromEntries(
    stores.flatMap((store): [string, EnvValue][] => {
      const to = given[store];
      const { host, port, user, password, database } = databaseEnv(store);
      return to
        ? [
            [host, to.host],
            [port, to.port.apply(String)],
            [user, to.username],
            [password, to.password],
            [database, to.database],
          ]
        : [];
    }),
  );

/** The same for the server, under the names that the template in its image reads. */
export function serverEnv({ database, visibility }: Stores): Record<string, EnvValue> {
  if (!database || !visibility) return {};
  return {
    DB: "postgres12",
    POSTGRES_SEEDS: database.host,
    DB_PORT: database.port.apply(String),
    POSTGRES_USER: database.username,
    POSTGRES_PWD: database.password,
    DBNAME: database.database,
    VISIBILITY_POSTGRES_SEEDS: visibility.host,
    VISIBILITY_DB_PORT: visibility.port.apply(String),
    VISIBILITY_POSTGRES_USER: visibility.username,
    VISIBILITY_POSTGRES_PWD: visibility.password,
    VISIBILITY_DBNAME: visibility.database,
  };
}

export const storeBindings = (given: Stores): ResolvedBinding[] =>
  stores.flatMap((store) => {
    const to = given[store];
    return to ? [{ key: store.toUpperCase(), to }] : [];
  });

/** Connections of all roles together when nobody says. */
export const usualConnections = 60;

/** Connections to one server at most, of so many to both databases: of few, the list of workflows has a half, and of four the other three. */
export function demandOf(system: string, databases: Partial<Readonly<Record<Store, ConnectionSummary>>>, total: number): number {
  const on = stores.filter((store) => databases[store]?.system === system);
  if (on.length === stores.length) return total;
  return Math.ceil(total * (on[0] === "database" ? 3 / 4 : 1 / 2));
}

/** Frontend, history, matching and worker: each opens pools of its own. */
export const roleCount = 4;

/** Sizes of the pools of one role that may open so many connections: a third of them to the list of workflows, at least one to each database. */
export function poolEnv(connections: number): Record<string, string> {
  const visibility = Math.max(1, Math.floor(connections / 3));
  const main = String(Math.max(1, connections - visibility));
  return {
    SQL_MAX_CONNS: main,
    SQL_MAX_IDLE_CONNS: main,
    SQL_VIS_MAX_CONNS: String(visibility),
    SQL_VIS_MAX_IDLE_CONNS: String(visibility),
  };
}
