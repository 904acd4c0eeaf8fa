/** Body of a topology with a component of each class that AWS has, and a stack that watches them. */
export const watchedTopology = `
const otel = bind(telemetryOf(platform, "telemetry"), {});
const db = new PostgresDb("db", { platform, databases: { app: {} } });
const bus = new NatsCluster("bus", { platform, streams: { GH: { subjects: ["gh.>"], consumers: { CODEX: { maxDeliver: 5 } } } } });
const cache = new RedisCache("cache", { platform });
const queue = new MessageQueue("queue", { platform, queues: { jobs: {} } });
const api = new AppService("api", {
  platform, image: images.api, ports: { http: 8000, metrics: 8080 }, health: http("/health"),
  bindings: { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection, OTEL: otel },
});
const worker = new AppService("worker", { platform, image: images.api, ports: { http: 8000 }, health: http("/health"), bindings: { OTEL: otel } });
new ObservabilityStack("telemetry", {
  platform,
  observes: [db, bus, cache, queue, api, worker],
  receivers: {
    email: [{ to: "ops@example.com", from: "stack@example.com", host: "mail.example.com", severity: "critical" }],
    webhook: [{ url: "https://hooks.example.com/hunter2-hunter2", host: "hooks.example.com" }],
  },
});
`;
