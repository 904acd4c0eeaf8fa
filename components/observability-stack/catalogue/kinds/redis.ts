import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, rate, series } from "../promql.ts";

export const redisRecordings = (it: Observed): readonly Recording[] => [
  {
    record: "job_instance:redis_memory:ratio",
    expr: `sum by (job, instance) (${series("redis_memory_used_bytes", it)}) / (sum by (job, instance) (${series("redis_memory_max_bytes", it)}) > 0)`,
  },
  {
    record: "job:redis_hits:ratio_rate5m",
    expr: `sum by (job) (${rate("redis_keyspace_hits_total", it)}) / (sum by (job) (${rate("redis_keyspace_hits_total", it)} + ${rate("redis_keyspace_misses_total", it)}) > 0)`,
  },
  {
    record: "job:redis_command_seconds:mean_rate5m",
    expr: `sum by (job) (${rate("redis_commands_duration_seconds_total", it)}) / (sum by (job) (${rate("redis_commands_total", it)}) > 0)`,
  },
];

export const redisAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "RedisUnreachable",
    expr: `${series("redis_up", it)} == 0`,
    forSeconds: minutes(1),
    severity: "critical",
    summary: `${it.name} refuses its exporter`,
    description: `The exporter of ${it.name} runs, and the server does not let it in.`,
    meaning: "The server is down, still reading its file, or the password of the exporter is wrong.",
    threshold: "One minute: longer than reading a cache of usual size.",
    remedy: "`npx groundplan verify` checks the server from the network of its users; its log says how far it is with loading.",
  },
  {
    name: "RedisMemoryNearLimit",
    expr: `${series("job_instance:redis_memory:ratio", it)} > 0.9 and on (job, instance) ${series("redis_instance_info", it, 'maxmemory_policy="noeviction"')}`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `${it.name} is almost full`,
    description: "{{ $value | humanizePercentage }} of maxmemory is used, and nothing is evicted.",
    meaning:
      "With the policy `noeviction`, writes to a full server are answered with an error. With other policies a full cache is at work as it should, and this alert is silent.",
    threshold: "90 %: time to act before writes fail.",
    remedy: "Let keys expire, raise `memoryMiB`, or choose another `maxMemoryPolicy` if keys may be lost.",
  },
  {
    name: "RedisEvictsKeys",
    expr: `${rate("redis_evicted_keys_total", it)} > 10`,
    forSeconds: minutes(15),
    severity: "info",
    summary: `${it.name} drops many keys`,
    description: "{{ $value | humanize }} keys a second are dropped to make room.",
    meaning: "The cache is smaller than what is worked with: what is dropped must be fetched again.",
    threshold: "10 keys a second for a quarter of an hour: a few are usual for a cache that is full.",
    remedy: "Compare with the hit ratio on the dashboard. If that falls, raise `memoryMiB`.",
  },
  {
    name: "RedisConnectionsHigh",
    expr: `${series("redis_connected_clients", it)} / ${series("redis_max_clients", it)} > 0.8`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `${it.name} is running out of connections`,
    description: "{{ $value | humanizePercentage }} of maxclients are connected.",
    meaning: "Pools have grown, or connections are not given back.",
    threshold: "80 % of maxclients (10,000 unless the limit on file descriptors is lower).",
    remedy: "`CLIENT LIST` shows who holds them.",
  },
  {
    name: "RedisRejectsConnections",
    expr: `increase(${series("redis_rejected_connections_total", it)}[5m]) > 0`,
    forSeconds: 0,
    severity: "critical",
    summary: `${it.name} turns clients away`,
    description: "{{ $value | humanize }} connections were refused within 5 minutes.",
    meaning: "maxclients is reached: clients see errors.",
    threshold: "Any refusal is an error in a client.",
    remedy: "`CLIENT LIST` shows who holds connections; restart the client that leaks them.",
  },
  {
    name: "RedisPersistenceFails",
    expr: ["redis_aof_last_write_status", "redis_aof_last_bgrewrite_status", "redis_rdb_last_bgsave_status"]
      .map((status) => `${series(status, it)} == 0`)
      .join(" or "),
    forSeconds: minutes(1),
    severity: "critical",
    summary: `${it.name} cannot write its data to disk`,
    description: "The last write of the append-only file, its last rewrite or the last snapshot failed.",
    meaning: "What is written now is lost at a restart; after a failed snapshot the server may refuse writes.",
    threshold: "Any failure: the server tries again by itself, so one that lasts shows at once.",
    remedy: "Look at the room on the volume, and at memory: a rewrite needs a fork of the process.",
  },
  {
    name: "RedisSlow",
    expr: `${series("job:redis_command_seconds:mean_rate5m", it)} > 0.01`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} answers slowly`,
    description: "A command takes {{ $value | humanizeDuration }} on average.",
    meaning: "Commands run one after another: a slow one holds all the others.",
    threshold: "10 ms on average; the server's usual is far below one.",
    remedy: "`SLOWLOG GET` names the commands. Look for `KEYS`, large ranges and scripts.",
  },
];
