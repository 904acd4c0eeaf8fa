import { type Capability, coarser, refused, row, yes } from "./cell.ts";

/** Systems that keep something. */
export const dataSystems = {
  databases: row(
    "PostgresDb",
    "databases, owner roles, grants, extensions, init SQL",
    yes("a job at every up"),
    yes("a Job named by the hash of what it does: run again when that changes, or when it failed"),
    yes("a run-once task that is started when what it does changes"),
  ),
  archive: row(
    "PostgresDb",
    "archive of the write-ahead log",
    yes("the server runs the command for each segment"),
    yes("the server runs the command for each segment"),
    refused("RDS archives its log itself and restores to a point in time; set aws.backupDays"),
  ),
  credentials: row(
    "PostgresDb",
    "lost or rotated credentials heal",
    yes("the server sets the administrator's password before it starts, the job all others"),
    yes("the server sets the administrator's password before it starts, the job all others"),
    yes("RDS keeps and rotates the administrator's, or is told a new one where it has read replicas; the task sets all others"),
  ),
  streams: row(
    "NatsCluster",
    "streams and durable consumers",
    yes("a job at every up; an incompatible change is an error"),
    yes("a Job named by the hash of what it does; an incompatible change is an error"),
    yes("a run-once task; an incompatible change is an error"),
  ),
  deadLetters: row(
    "NatsCluster",
    "dead letters after the last delivery",
    yes("stream DLQ keeps the server's advisory with stream, consumer and sequence"),
    yes("stream DLQ keeps the server's advisory with stream, consumer and sequence"),
    yes("stream DLQ keeps the server's advisory with stream, consumer and sequence"),
  ),
  quorum: row(
    "NatsCluster",
    "three nodes",
    coarser("three containers on one machine: survives a process, not the machine"),
    yes("a StatefulSet spread over zones, one disruption at a time"),
    yes("one instance per node in a zone of its own, each with a data volume that outlives it"),
  ),
  persistence: row(
    "RedisCache",
    "append-only file",
    yes("on the data volume, fsync every second"),
    yes("on the data volume, fsync every second"),
    coarser("replicas and daily snapshots: ElastiCache has no append-only file"),
  ),
  failover: row(
    "RedisCache",
    "replicas: 3",
    refused("one machine has nothing to fail over to; use replicas: 1"),
    yes("a primary and two replicas that Sentinels watch; proxies under the name of the cache lead to the primary"),
    yes("nodes of the replication group, with automatic failover between zones"),
  ),
  redisEngine: row("RedisCache", 'engine: "redis"', yes("Redis 8"), yes("Redis 8"), coarser("Redis 7.1, the last that ElastiCache has")),
  queues: row(
    "MessageQueue",
    "queues, FIFO, delay, long polling, visibility, dead letters",
    yes("ElasticMQ; a job at every up makes and changes queues, one that is taken out goes when it is empty"),
    yes("ElasticMQ; a Job named by the hash of what it does makes and changes queues, one that is taken out goes when it is empty"),
    yes("SQS"),
  ),
  queueChange: row(
    "MessageQueue",
    "contentBasedDeduplication changed, deadLetters switched off",
    coarser("on a queue that exists the job fails and says so: ElasticMQ fixes both when it makes a queue"),
    coarser("on a queue that exists the job fails and says so: ElasticMQ fixes both when it makes a queue"),
    yes("changed in place"),
  ),
  queueRestart: row(
    "MessageQueue",
    "messages survive a restart",
    coarser(
      "kept on the data volume; of those kept in a FIFO queue, a later one may overtake an earlier one that is being handled, and deleted ones are forgotten as duplicates",
    ),
    coarser(
      "kept on the data volume; of those kept in a FIFO queue, a later one may overtake an earlier one that is being handled, and deleted ones are forgotten as duplicates",
    ),
    yes("kept in several zones"),
  ),
  messageRetention: row(
    "MessageQueue",
    "messageRetentionSeconds",
    refused("ElasticMQ keeps messages until they are deleted; set it under components of the environment on AWS"),
    refused("ElasticMQ keeps messages until they are deleted; set it under components of the environment on AWS"),
    yes("MessageRetentionPeriod; 4 days unless set, 14 for dead letters"),
  ),
  maxMessage: row(
    "MessageQueue",
    "maxMessageKiB below 1024",
    refused("ElasticMQ takes messages up to 1024 KiB; set it under components of the environment on AWS"),
    refused("ElasticMQ takes messages up to 1024 KiB; set it under components of the environment on AWS"),
    yes("MaximumMessageSize"),
  ),
  topics: row(
    "MessageQueue",
    "topics",
    refused("ElasticMQ has no SNS; send to each queue, or use a stream of NatsCluster"),
    refused("ElasticMQ has no SNS; send to each queue, or use a stream of NatsCluster"),
    yes("SNS, with raw delivery and filters on attributes"),
  ),
} as const satisfies Record<string, Capability>;
