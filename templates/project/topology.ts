import { AppService, http, NatsCluster, PostgresDb, RedisCache, type Topology } from "groundplan";

/** The systems, and who may talk to whom: the same on every target. How large and how guarded they are is said by the profile. */
export const topology: Topology = ({ platform, images }) => {
  const db = new PostgresDb("db", { platform, databases: { app: {} } });
  const bus = new NatsCluster("bus", { platform, streams: { ORDERS: { subjects: ["orders.>"], consumers: { WORKER: { maxDeliver: 5 } } } } });
  const cache = new RedisCache("cache", { platform });
  const api = new AppService("api", {
    platform,
    // In dev, where none is named, a placeholder runs that connects to everything it is bound to.
    image: images.api,
    ports: { http: 8000 },
    health: http("/health"),
    bindings: { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection },
    publish: ["http"],
  });
  return { api: api.external };
};
