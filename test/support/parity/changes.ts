import type { Target } from "../../../src/core/platform.ts";
import { http } from "../../../src/core/probe.ts";
import type { Args, Beside } from "./makers.ts";

export interface Change {
  /** What else must be there for the argument to mean something. */
  readonly base?: Args;
  /** Another value of the argument alone. */
  readonly to: unknown | ((around: Beside, target: Target) => unknown);
}

const to = (value: Change["to"], base?: Args): Change => ({ to: value, ...(base ? { base } : {}) });

/** By component and argument: a value that is not the one it has anyway. */
export const changes: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  PostgresDb: {
    version: to("17"),
    databases: to({ app: {}, more: {} }),
    maxConnections: to(77),
    settings: to({ work_mem: "8MB" }),
    memoryMiB: to(600),
    storageGiB: to(33),
    archive: to({ command: "keep %p" }),
    aws: to({ iamAuthentication: true }),
  },
  NatsCluster: {
    replicas: to(3),
    streams: to({ GH: { subjects: ["gh.>"] } }),
    deadLetters: to(false),
    memoryMiB: to(300),
    storageGiB: to(33),
    maxPayloadKiB: to(512),
    aws: to({ instanceType: "t4g.medium" }),
  },
  RedisCache: {
    engine: to("redis"),
    maxMemoryPolicy: to("allkeys-lru"),
    memoryMiB: to(200),
    replicas: to(3),
    storageGiB: to(33),
    aws: to({ snapshotDays: 3 }),
  },
  MessageQueue: {
    queues: to({ jobs: {}, more: {} }),
    topics: to({ events: { subscribers: ["jobs"] } }),
    memoryMiB: to(300),
    storageGiB: to(33),
  },
  TemporalServer: {
    database: to(({ db }: Beside) => db().databases.other),
    visibility: to(({ db }: Beside) => db().databases.other),
    historyShards: to(8),
    version: to("1.32"),
    namespaces: to({ guard: {}, more: {} }),
    dynamicConfig: to({ "limit.maxIDLength": 500 }),
    ui: to(false),
    maxConnections: to(80),
    memoryMiB: to(900),
    cpus: to(1.5),
    logLevel: to("debug"),
  },
  OpaServer: {
    policies: to("test/fixtures/policies"),
    bundle: to({ registry: "ghcr.io", resource: "acme/policies:1.0.0" }, { policies: undefined }),
    path: to("repo/guard/allow"),
    replicas: to(2),
    decisionLogs: to(false),
    maskInputs: to(["/token"]),
    memoryMiB: to(300),
    cpus: to(2),
  },
  NatsTemporalBridge: {
    nats: to(({ spare }: Beside) => spare().connection),
    temporal: to(({ temporal }: Beside) => temporal().namespaces.other),
    stream: to("OTHER"),
    consumer: to("OTHER"),
    routes: to([{ subject: "gh.push", workflow: "Push", taskQueue: "codex" }]),
    maxDeliver: to(9),
    maxInFlight: to(9),
    replicas: to(2),
    telemetry: to(({ otel }: Beside) => otel()),
    memoryMiB: to(300),
    cpus: to(2),
    stopSeconds: to(60),
  },
  ObservabilityStack: {
    observes: to(({ db, cache }: Beside) => [db(), cache()]),
    traces: to("jaeger"),
    receivers: to({ slack: [{ apiUrl: "https://hooks.slack.com/x", channel: "#ops" }] }),
    scrapeSeconds: to(20),
    monitors: to({ namespace: "monitoring" }),
    retentionDays: to({ metrics: 9 }),
    storageGiB: to({ metrics: 33 }),
    memoryMiB: to({ metrics: 900 }),
  },
  ServiceMeshGateway: {
    api: to("istio"),
    hosts: to(["other.example"]),
    routes: to(({ next }: Beside) => ({ web: { to: next().connection } })),
    // The standard interface of a cluster knows no versions of TLS.
    tls: to((_: Beside, target: Target) => (target === "kubernetes" ? { certificate: { issuer: { name: "corporate" } } } : { minVersion: "1.3" })),
    hsts: to({ maxAgeSeconds: 600 }),
    securityHeaders: to({ "Permissions-Policy": "camera=()" }),
    gzip: to(false),
    replicas: to(2),
    memoryMiB: to(300),
    cpus: to(2),
  },
  AppService: {
    image: to("registry.example/api:1.0.1"),
    tools: to(["wget"]),
    ports: to({ http: 9000 }),
    health: to(http("/ready")),
    liveness: to(http("/live")),
    bindings: to(({ cache }: Beside) => ({ REDIS: cache().connection })),
    env: to({ MODE: "loud" }),
    egress: to([{ host: "api.example.com", port: 443 }]),
    publish: to(["http"]),
    replicas: to(2),
    autoscale: to({ min: 1, max: 4 }, { replicas: undefined }),
    runtime: to("node"),
    architecture: to("arm64"),
    requestTimeoutSeconds: to(30),
    command: to(["serve"]),
    volumes: to({ data: { path: "/data" } }),
    mounts: to({ shared: { from: "shared", path: "/shared" } }),
    checkouts: to({ docs: { url: "https://github.com/acme/docs.git", ref: "main", path: "/docs" } }),
    user: to("1234:1234"),
    writableRoot: to(true),
    // Beyond the next step of a Fargate task.
    memoryMiB: to(3000),
    cpus: to(2),
    stopSeconds: to(50),
  },
};
