import { readFileSync } from "node:fs";
import { createClient } from "redis";
import { type Sample, sample } from "./exposition.ts";

const { REDIS_ADDR = "redis://localhost:6379", REDIS_USER, REDIS_PASSWORD, REDIS_PASSWORD_FILE } = process.env;
const password = REDIS_PASSWORD ?? (REDIS_PASSWORD_FILE ? readFileSync(REDIS_PASSWORD_FILE, "utf8").trim() : undefined);

/** Field of INFO -> name of the figure. */
const figures: Readonly<Record<string, string>> = {
  uptime_in_seconds: "redis_uptime_in_seconds",
  connected_clients: "redis_connected_clients",
  blocked_clients: "redis_blocked_clients",
  maxclients: "redis_max_clients",
  used_memory: "redis_memory_used_bytes",
  maxmemory: "redis_memory_max_bytes",
  mem_fragmentation_ratio: "redis_mem_fragmentation_ratio",
  total_connections_received: "redis_connections_received_total",
  total_commands_processed: "redis_commands_processed_total",
  rejected_connections: "redis_rejected_connections_total",
  expired_keys: "redis_expired_keys_total",
  evicted_keys: "redis_evicted_keys_total",
  keyspace_hits: "redis_keyspace_hits_total",
  keyspace_misses: "redis_keyspace_misses_total",
  connected_slaves: "redis_connected_slaves",
};

/** Field with a word -> name of a figure that is 1 when the word is `ok`. */
const states: Readonly<Record<string, string>> = {
  rdb_last_bgsave_status: "redis_rdb_last_bgsave_status",
  aof_last_write_status: "redis_aof_last_write_status",
  aof_last_bgrewrite_status: "redis_aof_last_bgrewrite_status",
};

export async function redisSamples(): Promise<Sample[]> {
  const client = createClient({
    url: REDIS_ADDR,
    ...(REDIS_USER ? { username: REDIS_USER } : {}),
    ...(password ? { password } : {}),
    disableClientInfo: true,
    socket: { connectTimeout: 5000, reconnectStrategy: false },
  });
  client.on("error", () => {});
  try {
    await client.connect();
    const info = Object.fromEntries(
      String(await client.sendCommand(["INFO", "ALL"]))
        .split("\r\n")
        .filter((line) => line.includes(":"))
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
    ) as Record<string, string>;
    // The real one asks for the configuration and the slow log as well: a user who may not has no figures.
    await client.sendCommand(["CONFIG", "GET", "maxmemory"]);
    const slow = await client.sendCommand(["SLOWLOG", "LEN"]);
    return [
      sample("redis_up", 1),
      sample("redis_slowlog_length", slow),
      sample("redis_instance_info", 1, {
        role: info.role ?? "",
        redis_version: info.redis_version ?? "",
        maxmemory_policy: info.maxmemory_policy ?? "",
      }),
      ...Object.entries(figures).flatMap(([field, name]) => (info[field] === undefined ? [] : [sample(name, info[field])])),
      ...Object.entries(states).flatMap(([field, name]) => (info[field] === undefined ? [] : [sample(name, info[field] === "ok" ? 1 : 0)])),
      ...commands(info),
    ];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return [sample("redis_up", 0)];
  } finally {
    client.destroy();
  }
}

/** `cmdstat_get:calls=3,usec=20,...` */
const commands = (info: Readonly<Record<string, string>>): Sample[] =>
  Object.entries(info).flatMap(([field, text]) => {
    if (!field.startsWith("cmdstat_")) return [];
    const values = Object.fromEntries(text.split(",").map((pair) => pair.split("=")));
    const labels = { cmd: field.slice("cmdstat_".length) };
    return [sample("redis_commands_total", values.calls, labels), sample("redis_commands_duration_seconds_total", Number(values.usec) / 1e6, labels)];
  });
