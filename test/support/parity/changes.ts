import type { Target } from "../../../src/core/platform.ts";
import { http } from "../../../src/core/probe.ts";
import { type Args, type Beside, issued } from "./makers.ts";

export interface Change {
  /** What else must be there for the argument to mean something. */
  readonly base?: Args | ((around: Beside, target: Target) => Args);
  /** Another value of the argument alone. */
  readonly to: unknown | ((around: Beside, target: Target) => unknown);
}

const to = (value: Change["to"], base?: Change["base"]): Change => ({ to: value, ...(base ? { base } : {}) });

/** Another value on AWS, where the one of the other grounds is refused. */
const unlessAws =
  (value: unknown, there: unknown) =>
  (_: Beside, target: Target): unknown =>
    target === "aws" ? there : value;

const cognito = { userPoolArn: "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Ab", clientId: "id", domain: "shop-login" };
const admin = ({ next }: Beside) => ({ ui: { to: next().connection } });

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
    existing: to({ host: "db.internal", databases: { app: { password: { env: "DB_PASSWORD" } } } }),
  },
  NatsCluster: {
    replicas: to(3),
    streams: to({ GH: { subjects: ["gh.>"] } }),
    deadLetters: to(false),
    memoryMiB: to(300),
    storageGiB: to(33),
    maxPayloadKiB: to(512),
    aws: to({ instanceType: "t4g.medium" }),
    existing: to({ host: "bus.internal", password: { env: "NATS_PASSWORD" } }),
  },
  RedisCache: {
    engine: to("redis"),
    maxMemoryPolicy: to("allkeys-lru"),
    memoryMiB: to(200),
    replicas: to(3),
    storageGiB: to(33),
    aws: to({ snapshotDays: 3 }),
    existing: to({ host: "cache.internal", password: { env: "CACHE_PASSWORD" } }),
  },
  MessageQueue: {
    queues: to({ jobs: {}, more: {} }),
    topics: to({ events: { subscribers: ["jobs"] } }),
    memoryMiB: to(300),
    storageGiB: to(33),
    existing: to({ queues: { jobs: "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs" } }),
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
    existing: to({ host: "temporal.internal" }),
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
    existing: to({ host: "opa.internal" }),
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
    receivers: to(
      unlessAws(
        { slack: [{ apiUrl: "https://hooks.slack.com/x", channel: "#ops" }] },
        { email: [{ to: "ops@shop.example", from: "alerts@shop.example", host: "smtp.shop.example" }] },
      ),
    ),
    scrapeSeconds: to(20),
    monitors: to({ namespace: "monitoring" }),
    retentionDays: to({ metrics: 9 }),
    storageGiB: to({ metrics: 33 }),
    memoryMiB: to(unlessAws({ metrics: 900 }, { collector: 900 })),
    aws: to({ prometheus: true, grafana: { authentication: "sso" } }),
  },
  ServiceMeshGateway: {
    api: to("istio"),
    hosts: to(["other.example"]),
    routes: to(({ next }: Beside) => ({ web: { to: next().connection } })),
    tls: to((_: Beside, target: Target) => {
      // The standard interface of a cluster knows no versions of TLS.
      if (target === "kubernetes") return { certificate: { issuer: { name: "corporate" } } };
      return { minVersion: "1.3", ...(target === "aws" ? { certificate: issued } : {}) };
    }),
    hsts: to({ maxAgeSeconds: 600 }),
    securityHeaders: to(unlessAws({ "Permissions-Policy": "camera=()" }, { "X-Frame-Options": "SAMEORIGIN" })),
    gzip: to(false),
    replicas: to(2),
    memoryMiB: to(300),
    cpus: to(2),
    adminRoutes: to(admin, (_, target) => (target === "aws" ? { auth: { cognito } } : {})),
    auth: to({ cognito }, (around) => ({ adminRoutes: admin(around) })),
    aws: to({ allowFrom: ["198.51.100.0/24"] }),
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
