import { AppService, http, MessageQueue, NatsCluster, PostgresDb, RedisCache, type Topology } from "../src/index.ts";

/** A database, a message bus, a cache, a queue, and a service that uses all four. */
export const starter: Topology = ({ platform, images }) => {
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  const bus = new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"], consumers: { WORKER: { maxDeliver: 5 } } } } });
  const cache = new RedisCache("cache", { platform });
  const queue = new MessageQueue("queue", { platform, queues: { jobs: {} } });
  const api = new AppService("api", {
    platform,
    image: images.api,
    ports: { http: 8000 },
    health: http("/health"),
    bindings: { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection, QUEUE: queue.queues.jobs },
    publish: ["http"],
  });
  return { api: api.external };
};
