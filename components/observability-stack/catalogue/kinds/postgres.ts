import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { factsOf, minutes, quoted, rate, series } from "../promql.ts";

export const postgresRecordings = (it: Observed): readonly Recording[] => [
  {
    record: "job:pg_connections:ratio",
    expr: `sum by (job) (${series("pg_stat_activity_count", it)}) / max by (job) (${series("pg_settings_max_connections", it)})`,
  },
  {
    record: "job_datname:pg_transactions:rate5m",
    expr: `sum by (job, datname) (${rate("pg_stat_database_xact_commit", it)} + ${rate("pg_stat_database_xact_rollback", it)})`,
  },
  {
    record: "job_datname:pg_rollbacks:ratio_rate5m",
    expr: `sum by (job, datname) (${rate("pg_stat_database_xact_rollback", it)}) / (${series("job_datname:pg_transactions:rate5m", it)} > 0)`,
  },
  {
    record: "job:pg_cache_hits:ratio_rate5m",
    expr: `sum by (job) (${rate("pg_stat_database_blks_hit", it)}) / (sum by (job) (${rate("pg_stat_database_blks_hit", it)} + ${rate("pg_stat_database_blks_read", it)}) > 0)`,
  },
];

export const postgresAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "PostgresUnreachable",
    expr: `${series("pg_up", it)} == 0`,
    forSeconds: minutes(1),
    severity: "critical",
    summary: `${it.name} refuses its exporter`,
    description: `The exporter of ${it.name} runs, and the server does not let it in.`,
    meaning: "The server is down, still recovering, out of connections, or the password of the exporter is wrong.",
    threshold: "One minute: longer than a restart with a clean stop.",
    remedy: "`npx groundplan verify` checks the server from the network of its users; the server's log says what it refuses.",
  },
  ...connections(it),
  {
    name: "PostgresRollbacksHigh",
    expr: `${series("job_datname:pg_rollbacks:ratio_rate5m", it)} > 0.1 and ${series("job_datname:pg_transactions:rate5m", it)} > 1`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `many transactions in ${it.name} are rolled back`,
    description: "{{ $value | humanizePercentage }} of the transactions in {{ $labels.datname }} end in a rollback.",
    meaning: "Clients hit errors: constraint violations, timeouts, serialisation failures.",
    threshold: "10 %, and at least one transaction a second: below that a single client is most of the figure.",
    remedy: "The server's log has the statements that fail (`log_min_error_statement`).",
  },
  {
    name: "PostgresDeadlocks",
    expr: `increase(${series("pg_stat_database_deadlocks", it)}[15m]) > 0`,
    forSeconds: 0,
    severity: "warning",
    summary: `transactions in ${it.name} block each other`,
    description: "{{ $value | humanize }} deadlocks in {{ $labels.datname }} within 15 minutes.",
    meaning: "Two transactions waited for each other; the server ended one of them with an error.",
    threshold: "Every deadlock is an error in an application: rows must be locked in the same order everywhere.",
    remedy: "The server's log has both statements.",
  },
  {
    name: "PostgresTransactionTooLong",
    expr: `max by (job, datname) (${series("pg_stat_activity_max_tx_duration", it)}) > 1800`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `a transaction in ${it.name} has been open for long`,
    description: "A transaction in {{ $labels.datname }} has been open for {{ $value | humanizeDuration }}.",
    meaning: "While it is open, no row version that it could see is removed: tables grow, locks stay.",
    threshold: "Half an hour: no request takes that long. Reports over night do; end those, or silence the alert for them.",
    remedy: "`select pid, state, query from pg_stat_activity order by xact_start limit 5`, then `select pg_terminate_backend(<pid>)`.",
  },
  {
    name: "PostgresCacheMissesHigh",
    expr: `${series("job:pg_cache_hits:ratio_rate5m", it)} < 0.9 and sum by (job) (${rate("pg_stat_database_blks_read", it)}) > 100`,
    forSeconds: minutes(30),
    severity: "info",
    summary: `${it.name} reads much from disk`,
    description: "Only {{ $value | humanizePercentage }} of the blocks that are read are in memory.",
    meaning: "What is worked with does not fit into shared buffers; the cache of the system may still have it.",
    threshold: "90 %, while more than 100 blocks a second come from outside: an idle server has no ratio worth a look.",
    remedy: "Raise `memoryMiB`, or find the scan that reads whole tables.",
  },
  {
    name: "PostgresArchivingFails",
    expr: `increase(${series("pg_stat_archiver_failed_count", it)}[15m]) > 0`,
    forSeconds: 0,
    severity: "critical",
    summary: `${it.name} cannot archive its write-ahead log`,
    description: "{{ $value | humanize }} attempts failed within 15 minutes.",
    meaning: "Segments that are not archived are kept: the disk fills, and a restore to a point in time ends before them.",
    threshold: "Any failure: the server tries again by itself, so one that lasts shows at once.",
    remedy: "Run the archive command of the server's log by hand; look at the room at its target.",
  },
  ...(it.replicas > 1 ? [replicationLag(it)] : []),
  ...factsOf(it, "databases").map((database) => databaseMissing(it, database)),
];

function connections(it: Observed): readonly AlertRule[] {
  const ratio = series("job:pg_connections:ratio", it);
  const description = "{{ $value | humanizePercentage }} of max_connections are taken.";
  const remedy =
    "Find who holds them: `select application_name, state, count(*) from pg_stat_activity group by 1, 2`. Smaller pools, or a pooler in front, are better than a higher limit.";
  return [
    {
      name: "PostgresConnectionsHigh",
      expr: `${ratio} > 0.8`,
      forSeconds: minutes(5),
      severity: "warning",
      summary: `${it.name} is running out of connections`,
      description,
      meaning: "Pools have grown, or connections are not given back.",
      threshold: "80 %: room for a rolling update, which doubles the pools of one service for a while.",
      remedy,
    },
    {
      name: "PostgresConnectionsExhausted",
      expr: `${ratio} > 0.95`,
      forSeconds: minutes(1),
      severity: "critical",
      summary: `${it.name} has no connections left`,
      description,
      meaning: "New clients are answered with `too many clients already`, or will be in a moment.",
      threshold: "95 %: the last three connections are kept for the administrator.",
      remedy,
    },
  ];
}

const replicationLag = (it: Observed): AlertRule => ({
  name: "PostgresReplicaBehind",
  expr: `${series("pg_replication_lag_seconds", it)} > 30 and ${series("pg_replication_is_replica", it)} == 1`,
  forSeconds: minutes(5),
  severity: "warning",
  summary: `a replica of ${it.name} is behind`,
  description: "{{ $labels.instance }} is {{ $value | humanizeDuration }} behind.",
  meaning: "Reads from the replica are old, and what it does not have yet is lost if it must take over now.",
  threshold: "30 seconds: usual lag is below one.",
  remedy: "Look at the network and the disk of the replica, and for long queries on it that hold replay back.",
});

const databaseMissing = (it: Observed, database: string): AlertRule => ({
  name: "PostgresDatabaseMissing",
  expr: `${series("pg_up", it)} == 1 unless on (job) ${series("pg_database_size_bytes", it, `datname=${quoted(database)}`)}`,
  forSeconds: minutes(5),
  severity: "critical",
  about: { database },
  summary: `database ${database} of ${it.name} is gone`,
  description: `The server answers, and has no database ${database}.`,
  meaning: "The plan has the database and the server does not: it was dropped, or the volume is not the one it should be.",
  threshold: "Five minutes: the job that makes databases runs right after the server is up.",
  remedy: "`npx groundplan up` makes it again, empty. If data is missed, restore the backup first.",
});
