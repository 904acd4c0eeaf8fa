import {
  AppService,
  bind,
  http,
  NatsCluster,
  NatsTemporalBridge,
  ObservabilityStack,
  OpaServer,
  PostgresDb,
  RedisCache,
  ServiceMeshGateway,
  TemporalServer,
  type Topology,
  telemetryOf,
} from "../src/index.ts";

/** GitGuard: events of GitHub arrive on NATS, each starts a Temporal workflow that guard-codex executes, and OPA decides. */
export const gitguard: Topology = ({ platform, images }) => {
  const otel = telemetryOf(platform, "telemetry");
  const telemetry = bind(otel, {});

  const nats = new NatsCluster("nats", {
    platform,
    streams: { GH: { subjects: ["gh.>"], maxAgeHours: 24 * 7, consumers: { CODEX: { ackWaitSeconds: 30, maxDeliver: 20 } } } },
  });
  const postgres = new PostgresDb("postgres", { platform, databases: { guard: {}, temporal: {}, temporal_visibility: {} } });
  const redis = new RedisCache("redis", { platform });
  const temporal = new TemporalServer("temporal", {
    platform,
    database: postgres.databases.temporal,
    visibility: postgres.databases.temporal_visibility,
    historyShards: 512,
    // The services are told an address and no namespace: clients then take this one.
    namespaces: { default: { retentionDays: 7, searchAttributes: { Repository: "Keyword", Event: "Keyword" } } },
  });
  const opa = new OpaServer("opa", { platform, policies: "stacks/gitguard/policies", path: "repo/guard" });

  const codex = new AppService("guard-codex", {
    platform,
    image: images["guard-codex"],
    ports: { http: 8010 },
    health: http("/health"),
    mounts: { repository: { from: ".", path: "/repository" } },
    env: { CODEX_DOCS_DIR: "/repository/docs", CODEX_PORTAL_SITE_DIR: "/repository/site" },
    bindings: { TEMPORAL: bind(temporal.namespaces.default, { TEMPORAL_HOST: (c) => c.address }), OTEL: telemetry },
    egress: [{ host: "api.openai.com", port: 443 }],
  });
  const api = new AppService("guard-api", {
    platform,
    image: images["guard-api"],
    ports: { http: 8000, metrics: 8080 },
    health: http("/health"),
    publish: ["http"],
    bindings: {
      NATS: nats.connection,
      REDIS: redis.connection,
      DATABASE: postgres.databases.guard,
      TEMPORAL: bind(temporal.namespaces.default, { TEMPORAL_ADDRESS: (c) => c.address }),
      OPA: opa.connection,
      CODEX: codex.connection,
      OTEL: telemetry,
    },
  });
  const trigger = new NatsTemporalBridge("codex-trigger", {
    platform,
    nats: nats.connection,
    temporal: temporal.namespaces.default,
    stream: "GH",
    consumer: "CODEX",
    routes: [
      { subject: "gh.push", workflow: "GuardPush", taskQueue: "guard-codex" },
      { subject: "gh.pull_request", workflow: "GuardPullRequest", taskQueue: "guard-codex" },
      { subject: "gh.>", workflow: "GuardEvent", taskQueue: "guard-codex" },
    ],
    // Fewer than the consumer has; enough for a database that takes a while to come back.
    maxDeliver: 12,
    telemetry: otel,
  });
  const gateway = new ServiceMeshGateway("gateway", {
    platform,
    routes: { api: { path: "/", to: api.connection } },
    // The UI asks nobody who they are: the gateway does, where it can.
    adminRoutes: temporal.ui ? { temporal: { to: temporal.ui } } : {},
  });
  const watched = new ObservabilityStack("telemetry", {
    platform,
    observes: [nats, postgres, redis, temporal, opa, api, codex, trigger, gateway],
  });
  return { api: api.external, gateway: gateway.external, grafana: watched.grafana?.external };
};
