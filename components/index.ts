export { AppService, type AppServiceArgs, type ServiceVolume } from "./app-service/app-service.ts";
export { MessageQueue, type MessageQueueArgs } from "./message-queue/message-queue.ts";
export type { QueueArgs, Queues, SubscriptionArgs, TopicArgs, Topics } from "./message-queue/queues.ts";
export { NatsCluster, type NatsClusterArgs } from "./nats-cluster/nats-cluster.ts";
export type { ConsumerArgs, StreamArgs, Streams } from "./nats-cluster/streams.ts";
export type { DatabaseArgs, Databases } from "./postgres-db/databases.ts";
export { type OwnerConnection, PostgresDb, type PostgresDbArgs } from "./postgres-db/postgres-db.ts";
export { RedisCache, type RedisCacheArgs } from "./redis-cache/redis-cache.ts";
