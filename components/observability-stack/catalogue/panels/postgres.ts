import type { Observed } from "../../../../src/core/observed.ts";
import type { Section, Stat } from "../model.ts";
import { rate, series } from "../promql.ts";

export const postgresStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Connections taken", unit: "percentunit", query: series("job:pg_connections:ratio", it), good: { below: 0.8 } },
  { type: "stat", title: "Size", unit: "bytes", query: `sum(${series("pg_database_size_bytes", it)})` },
];

export const postgresSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Transactions",
        unit: "ops",
        queries: [{ expr: series("job_datname:pg_transactions:rate5m", it), legend: "{{datname}}" }],
      },
      {
        type: "timeseries",
        title: "Rolled back",
        unit: "percentunit",
        queries: [{ expr: series("job_datname:pg_rollbacks:ratio_rate5m", it), legend: "{{datname}}" }],
        limits: [0.05, 0.1],
      },
      {
        type: "timeseries",
        title: "Connections by state",
        unit: "short",
        queries: [
          { expr: `sum by (state) (${series("pg_stat_activity_count", it)})`, legend: "{{state}}" },
          { expr: `max(${series("pg_settings_max_connections", it)})`, legend: "limit" },
        ],
      },
      {
        type: "timeseries",
        title: "Longest transaction",
        unit: "s",
        queries: [{ expr: `max by (datname) (${series("pg_stat_activity_max_tx_duration", it)})`, legend: "{{datname}}" }],
        limits: [600, 1800],
      },
    ],
  },
  {
    title: "Data",
    panels: [
      {
        type: "timeseries",
        title: "Size",
        unit: "bytes",
        queries: [{ expr: `max by (datname) (${series("pg_database_size_bytes", it)})`, legend: "{{datname}}" }],
      },
      {
        type: "timeseries",
        title: "Blocks found in memory",
        unit: "percentunit",
        queries: [{ expr: series("job:pg_cache_hits:ratio_rate5m", it), legend: "hits" }],
      },
      {
        type: "timeseries",
        title: "Rows",
        unit: "ops",
        queries: ["fetched", "inserted", "updated", "deleted"].map((what) => ({
          expr: `sum(${rate(`pg_stat_database_tup_${what}`, it)})`,
          legend: what,
        })),
      },
      {
        type: "timeseries",
        title: "Locks",
        unit: "short",
        queries: [{ expr: `sum by (mode) (${series("pg_locks_count", it)})`, legend: "{{mode}}" }],
      },
      {
        type: "timeseries",
        title: "Temporary files",
        unit: "bytes",
        description: "Sorts and joins that did not fit into work_mem, in bytes a second.",
        queries: [{ expr: `sum by (datname) (${rate("pg_stat_database_temp_bytes", it)})`, legend: "{{datname}}" }],
      },
      {
        type: "timeseries",
        title: "Archiving",
        unit: "short",
        queries: [
          { expr: `increase(${series("pg_stat_archiver_archived_count", it)}[15m])`, legend: "archived" },
          { expr: `increase(${series("pg_stat_archiver_failed_count", it)}[15m])`, legend: "failed" },
        ],
      },
    ],
  },
];
