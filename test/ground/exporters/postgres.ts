import { readFileSync } from "node:fs";
import pg from "pg";
import { type Sample, sample } from "./exposition.ts";

let client: pg.Client | undefined;

/** By DATA_SOURCE_URI, DATA_SOURCE_USER and DATA_SOURCE_PASS or its file, as the real one takes them. */
async function connected(): Promise<pg.Client> {
  if (client) return client;
  const { DATA_SOURCE_URI = "", DATA_SOURCE_USER, DATA_SOURCE_PASS, DATA_SOURCE_PASS_FILE } = process.env;
  const { hostname, port, pathname, searchParams } = new URL(`postgres://${DATA_SOURCE_URI}`);
  const made = new pg.Client({
    host: hostname,
    port: Number(port || 5432),
    database: pathname.slice(1),
    user: DATA_SOURCE_USER,
    password: DATA_SOURCE_PASS ?? (DATA_SOURCE_PASS_FILE ? readFileSync(DATA_SOURCE_PASS_FILE, "utf8").trim() : undefined),
    ssl: searchParams.get("sslmode") === "disable" ? false : { rejectUnauthorized: false },
    connectionTimeoutMillis: 5000,
    query_timeout: 5000,
  });
  made.on("error", () => {
    client = undefined;
  });
  await made.connect();
  client = made;
  return made;
}

type Row = Readonly<Record<string, unknown>>;

const perDatabase = [
  "numbackends",
  "xact_commit",
  "xact_rollback",
  "blks_read",
  "blks_hit",
  "tup_returned",
  "tup_fetched",
  "tup_inserted",
  "tup_updated",
  "tup_deleted",
  "conflicts",
  "temp_files",
  "temp_bytes",
  "deadlocks",
];

export async function postgresSamples(): Promise<Sample[]> {
  try {
    const db = await connected();
    const rows = async (sql: string) => (await db.query(sql)).rows as Row[];
    const server = process.env.DATA_SOURCE_URI?.split("/")[0] ?? "";
    const databases = await rows("SELECT * FROM pg_stat_database WHERE datname IS NOT NULL");
    const sizes = await rows("SELECT datname, pg_database_size(datname) AS size FROM pg_database WHERE NOT datistemplate");
    const activity = await rows(`SELECT datname, state, count(*) AS count, max(extract(epoch FROM now() - xact_start)) AS longest
      FROM pg_stat_activity WHERE datname IS NOT NULL AND state IS NOT NULL GROUP BY 1, 2`);
    const settings = await rows("SELECT name, setting FROM pg_settings WHERE name IN ('max_connections', 'shared_buffers', 'autovacuum')");
    const [archiver = {}] = await rows("SELECT archived_count, failed_count FROM pg_stat_archiver");
    const [replication = {}] = await rows(`SELECT CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END AS replica,
      CASE WHEN pg_is_in_recovery() THEN coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) ELSE 0 END AS lag`);
    return [
      sample("pg_up", 1),
      ...databases.flatMap((row) =>
        perDatabase.map((column) => sample(`pg_stat_database_${column}`, row[column], { datid: String(row.datid), datname: String(row.datname) })),
      ),
      ...sizes.map(({ datname, size }) => sample("pg_database_size_bytes", size, { datname: String(datname) })),
      ...activity.flatMap(({ datname, state, count, longest }) => {
        const labels = { datname: String(datname), state: String(state), server };
        return [sample("pg_stat_activity_count", count, labels), sample("pg_stat_activity_max_tx_duration", longest ?? 0, labels)];
      }),
      ...settings.map(({ name, setting }) =>
        sample(`pg_settings_${String(name)}`, setting === "on" ? 1 : setting === "off" ? 0 : setting, { server }),
      ),
      sample("pg_stat_archiver_archived_count", archiver.archived_count, { server }),
      sample("pg_stat_archiver_failed_count", archiver.failed_count, { server }),
      sample("pg_replication_is_replica", replication.replica),
      sample("pg_replication_lag_seconds", replication.lag),
    ];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    void client?.end().catch(() => {});
    client = undefined;
    return [sample("pg_up", 0)];
  }
}
