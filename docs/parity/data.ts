import { type ArgumentRow, asMatrix, byMatrix, row, translated } from "./cells.ts";

type Rows = Readonly<Record<string, ArgumentRow>>;

/** Arguments of the systems that keep data, in the order of their interfaces. */
export const dataRows: Readonly<Record<"PostgresDb" | "NatsCluster" | "RedisCache" | "MessageQueue", Rows>> = {
  PostgresDb: {
    version: row("image of that version", "image of that version", "engine version of RDS, and a parameter group of its family"),
    databases: asMatrix("databases"),
    maxConnections: row("max_connections of the server", "max_connections of the server", "max_connections of the parameter group"),
    settings: row(
      "file of the server",
      "file of the server",
      "parameters of the group, those that are read at the start with the next restart; what RDS decides itself is refused by name",
    ),
    memoryMiB: asMatrix("memorySize"),
    storageGiB: asMatrix("storageSize"),
    archive: asMatrix("archive"),
    aws: asMatrix("managed"),
    existing: asMatrix("existing"),
  },
  NatsCluster: {
    replicas: asMatrix("quorum"),
    streams: asMatrix("streams"),
    deadLetters: asMatrix("deadLetters"),
    memoryMiB: asMatrix("memorySize"),
    storageGiB: asMatrix("storageSize"),
    maxPayloadKiB: row("max_payload of the server", "max_payload of the server", "max_payload in the configuration that nodes read at each start"),
    aws: asMatrix("managed"),
    existing: asMatrix("existing"),
  },
  RedisCache: {
    engine: asMatrix("redisEngine"),
    maxMemoryPolicy: row("maxmemory-policy of the server", "maxmemory-policy of the server", "maxmemory-policy of the parameter group"),
    memoryMiB: asMatrix("memorySize"),
    replicas: asMatrix("failover"),
    storageGiB: asMatrix("storageSize"),
    aws: asMatrix("managed"),
    existing: asMatrix("existing"),
  },
  MessageQueue: {
    queues: asMatrix("queues"),
    topics: asMatrix("topics"),
    memoryMiB: row(byMatrix("memorySize", "docker"), byMatrix("memorySize", "kubernetes"), translated("unused: SQS has no server")),
    storageGiB: row(byMatrix("storageSize", "docker"), byMatrix("storageSize", "kubernetes"), translated("unused: SQS has no disk")),
    existing: asMatrix("existing"),
  },
};
