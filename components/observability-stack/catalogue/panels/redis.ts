import type { Observed } from "../../../../src/core/observed.ts";
import type { Section, Stat } from "../model.ts";
import { rate, series } from "../promql.ts";

export const redisStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Memory used", unit: "percentunit", query: series("job_instance:redis_memory:ratio", it), good: { below: 0.9 } },
  { type: "stat", title: "Keys found", unit: "percentunit", query: series("job:redis_hits:ratio_rate5m", it) },
];

export const redisSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Commands",
        unit: "ops",
        queries: [{ expr: `topk(8, sum by (cmd) (${rate("redis_commands_total", it)}))`, legend: "{{cmd}}" }],
      },
      {
        type: "timeseries",
        title: "Time of a command",
        unit: "s",
        queries: [{ expr: series("job:redis_command_seconds:mean_rate5m", it), legend: "mean" }],
        limits: [0.005, 0.01],
      },
      {
        type: "timeseries",
        title: "Errors",
        unit: "ops",
        queries: [{ expr: `sum by (err) (${rate("redis_errors_total", it)})`, legend: "{{err}}" }],
      },
      {
        type: "timeseries",
        title: "Memory",
        unit: "bytes",
        queries: [
          { expr: `sum(${series("redis_memory_used_bytes", it)})`, legend: "used" },
          { expr: `sum(${series("redis_memory_max_bytes", it)})`, legend: "limit" },
        ],
      },
    ],
  },
  {
    title: "Cache",
    panels: [
      {
        type: "timeseries",
        title: "Hits and misses",
        unit: "ops",
        queries: [
          { expr: `sum(${rate("redis_keyspace_hits_total", it)})`, legend: "hits" },
          { expr: `sum(${rate("redis_keyspace_misses_total", it)})`, legend: "misses" },
        ],
      },
      {
        type: "timeseries",
        title: "Keys gone",
        unit: "ops",
        queries: [
          { expr: `sum(${rate("redis_evicted_keys_total", it)})`, legend: "evicted" },
          { expr: `sum(${rate("redis_expired_keys_total", it)})`, legend: "expired" },
        ],
      },
      {
        type: "timeseries",
        title: "Clients",
        unit: "short",
        queries: [
          { expr: `sum(${series("redis_connected_clients", it)})`, legend: "connected" },
          { expr: `sum(${series("redis_blocked_clients", it)})`, legend: "blocked" },
        ],
      },
      {
        type: "timeseries",
        title: "Keys",
        unit: "short",
        queries: [{ expr: `sum by (db) (${series("redis_db_keys", it)})`, legend: "{{db}}" }],
      },
    ],
  },
];
