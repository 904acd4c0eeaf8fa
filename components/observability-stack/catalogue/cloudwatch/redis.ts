import { formula, none, ratio, scraped, single, windowOf } from "./formula.ts";
import type { Translations } from "./model.ts";

export const redisTranslations: Translations = {
  RedisUnreachable: single("redis_up", "Minimum"),
  RedisMemoryNearLimit: (_, it) => ({ existing: [`${it.name}-1-memory`], coarser: "from 85 % on, whatever the policy of a full cache is" }),
  RedisEvictsKeys: (alert, it, places) => ({
    alarms: [formula(alert, { evicted: scraped(places, it)("redis_evicted_keys_total", "Sum") }, { expression: "evicted / 60" })],
  }),
  RedisConnectionsHigh: ratio("redis_connected_clients", "redis_max_clients", ["Maximum", "Minimum"]),
  RedisRejectsConnections: (alert, it, places) => ({
    alarms: [
      formula(alert, { rejected: scraped(places, it)("redis_rejected_connections_total", "Sum") }, { periodSeconds: windowOf(alert), periods: 1 }),
    ],
  }),
  RedisPersistenceFails: none(
    "ElastiCache writes no file for each command: it copies to another node and makes snapshots, and tells of one that failed as an event",
  ),
  RedisSlow: ratio("redis_commands_duration_seconds_total", "redis_commands_total", ["Sum", "Sum"]),
};
