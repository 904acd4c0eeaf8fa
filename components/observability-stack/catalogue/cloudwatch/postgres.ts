import { aboutOf, absent, firstLimitOf, formula, none, ratio, scraped, single, windowOf } from "./formula.ts";
import type { Translations } from "./model.ts";

const fiveMinutes = 300;
/** Rates of the rules are a second; sums of CloudWatch are of a period. */
const inPeriod = (perSecond: number) => perSecond * fiveMinutes;

export const postgresTranslations: Translations = {
  PostgresUnreachable: single("pg_up", "Minimum"),
  // One series for each database and state: together they are the whole.
  PostgresConnectionsHigh: ratio("pg_stat_activity_count", "pg_settings_max_connections", ["Sum", "Sum"]),
  PostgresConnectionsExhausted: ratio("pg_stat_activity_count", "pg_settings_max_connections", ["Sum", "Sum"]),
  PostgresRollbacksHigh: (alert, it, places) => {
    const of = scraped(places, it);
    const figures = { commits: of("pg_stat_database_xact_commit", "Sum"), rollbacks: of("pg_stat_database_xact_rollback", "Sum") };
    const expression = `IF(commits + rollbacks > ${inPeriod(1)}, rollbacks / (commits + rollbacks), 0)`;
    const periods = alert.forSeconds / fiveMinutes;
    return {
      alarms: [formula(alert, figures, { ...firstLimitOf(alert), expression, periodSeconds: fiveMinutes, periods })],
      coarser: "over all databases together",
    };
  },
  PostgresDeadlocks: (alert, it, places) => ({
    alarms: [formula(alert, { deadlocks: scraped(places, it)("pg_stat_database_deadlocks", "Sum") }, { periodSeconds: windowOf(alert), periods: 1 })],
  }),
  PostgresTransactionTooLong: single("pg_stat_activity_max_tx_duration", "Maximum"),
  PostgresCacheMissesHigh: (alert, it, places) => {
    const of = scraped(places, it);
    const figures = { hits: of("pg_stat_database_blks_hit", "Sum"), reads: of("pg_stat_database_blks_read", "Sum") };
    const expression = `IF(reads > ${inPeriod(100)}, hits / (hits + reads), 1)`;
    const periods = alert.forSeconds / fiveMinutes;
    return { alarms: [formula(alert, figures, { ...firstLimitOf(alert), expression, periodSeconds: fiveMinutes, periods })] };
  },
  PostgresArchivingFails: none("RDS archives by itself, and has no figure for it: `LatestRestorableTime` of the instance tells how far it is"),
  PostgresReplicaBehind: (alert, it, places) => ({
    alarms: Array.from({ length: it.replicas - 1 }, (_, index) =>
      formula(
        alert,
        {
          lag: {
            namespace: "AWS/RDS",
            metric: "ReplicaLag",
            dimensions: { DBInstanceIdentifier: places.database(`${it.name}-replica-${index}`) },
            statistic: "Maximum",
          },
        },
        { key: `replica-${index}`, ...firstLimitOf(alert) },
      ),
    ),
  }),
  PostgresDatabaseMissing: (alert, it, places) => ({
    alarms: [absent(alert, scraped(places, it)("pg_database_size_bytes", "SampleCount", aboutOf(alert, { database: "datname" })))],
  }),
};
