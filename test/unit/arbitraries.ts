import fc from "fast-check";
import { connectionTo } from "./connections.ts";

/** JSON that breaks code which trusts its shape: no prototype methods, inherited names, extreme numbers, empty things. */
const awkward = fc.constantFrom<unknown>(
  null,
  "",
  [],
  {},
  0,
  -1,
  1e300,
  [null],
  { toString: 1 },
  { valueOf: null, toString: null },
  { constructor: { prototype: {} } },
  { length: 1e9 },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  "constructor",
  "__proto__",
);

/** Any JSON value, the awkward ones often. */
export const json: fc.Arbitrary<unknown> = fc.oneof({ weight: 2, arbitrary: awkward }, { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) });

/** Mostly this, and sometimes anything: often enough that a whole of many parts is now right, now wrong in one of them. */
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof({ weight: 19, arbitrary }, { weight: 1, arbitrary: json });

/** Mostly one of these. */
export const nearly = (...right: readonly unknown[]): fc.Arbitrary<unknown> => mostly(fc.constantFrom(...right));

/** A map whose keys are mostly among these, with values like that. */
export const mapLike = (keys: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  mostly(fc.dictionary(fc.oneof({ weight: 19, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: fc.string() }), value, { maxKeys: 4 }));

/** A record in which keys may be missing, and unknown ones may stand. */
export function recordLike(model: Readonly<Record<string, fc.Arbitrary<unknown>>>, required: readonly string[] = []): fc.Arbitrary<object> {
  const optional = fc.record(model, { requiredKeys: [] });
  const complete = fc.record(model, { requiredKeys: [...required] });
  const unknown = fc.dictionary(fc.oneof(fc.string({ minLength: 1 }), fc.constant("platform")), json, { minKeys: 1, maxKeys: 2 });
  return fc.oneof(
    { weight: 19, arbitrary: complete },
    { weight: 1, arbitrary: optional },
    { weight: 1, arbitrary: fc.tuple(complete, unknown).map(([known, more]) => ({ ...known, ...more })) },
  );
}

const size = nearly(128, 512, 3000);

const database = mostly(
  recordLike({
    owner: nearly("app", "postgres"),
    extensions: nearly([], ["pgcrypto"]),
    grants: mapLike(["app", "reader"], nearly("read", "write")),
    initSql: nearly("SELECT 1"),
  }),
);

const consumer = mostly(recordLike({ filterSubject: nearly("orders.new"), ackWaitSeconds: size, maxDeliver: size, deliver: nearly("all") }));
const subjects = mostly(fc.array(nearly("orders.>", "orders.*", "mail", "dlq.>"), { minLength: 1, maxLength: 2 }));
const stream = mostly(recordLike({ subjects, retention: nearly("limits"), maxMiB: size, consumers: mapLike(["W", "A-B"], consumer) }, ["subjects"]));

const queue = mostly(
  recordLike({
    fifo: nearly(true, false),
    contentBasedDeduplication: nearly(true, false),
    visibilityTimeoutSeconds: nearly(0, 30, 50_000),
    maxReceiveCount: nearly(1, 5, 2000),
    messageRetentionSeconds: nearly(60, 345_600),
    deadLetters: nearly(true, false),
  }),
);
const subscriber = mostly(
  fc.oneof(nearly("jobs", "mail", "none"), recordLike({ queue: nearly("jobs"), filter: mapLike(["kind"], nearly(["a"])) }, ["queue"])),
);
const topic = mostly(recordLike({ fifo: nearly(true, false), subscribers: mostly(fc.array(subscriber, { maxLength: 3 })) }, ["subscribers"]));

const connection = fc.constantFrom("db", "api", "it").map((system) => connectionTo(system, { username: "app", password: "x" }));
const callback = fc.constant(() => "x");
const binding = mostly(fc.oneof(connection, fc.record({ to: mostly(connection), env: mapLike(["A_URL", "B_URL", "a"], mostly(callback)) })));

const timings = { intervalSeconds: size, timeoutSeconds: size };
const probe = mostly(
  fc.oneof(
    recordLike({ ...timings, kind: nearly("http"), path: nearly("/health"), port: nearly("http", "nope") }, ["kind", "path"]),
    recordLike({ ...timings, kind: nearly("tcp"), port: nearly("http") }, ["kind"]),
    recordLike({ ...timings, kind: nearly("exec"), command: nearly(["true"]) }, ["kind", "command"]),
  ),
);
const build = recordLike({ context: nearly("."), dockerfile: nearly("Dockerfile"), args: mapLike(["A"], nearly("b")) }, ["context"]);

const route = mostly(
  recordLike(
    {
      subject: nearly("gh.push", "gh.>", "gh.*", ">", "dlq.x"),
      workflow: nearly("HandlePush"),
      taskQueue: nearly("codex"),
      id: nearly("{id}", "{x}"),
    },
    ["subject", "workflow", "taskQueue"],
  ),
);

const web = fc.constantFrom("web", "it").map((system) => connectionTo(system, { scheme: "http" }));
const gatewayRoute = mostly(
  recordLike(
    {
      path: nearly("/", "/api", "/healthz", "api/"),
      host: nearly("localhost", "shop.test", "Shop"),
      to: mostly(fc.oneof(web, connection, mapLike(["stable", "canary"], web))),
      weights: mapLike(["stable", "canary"], nearly(90, 10, 100, 0)),
      stripPrefix: nearly(true, false),
      timeoutSeconds: size,
      retries: nearly(0, 2, 50),
      rateLimit: recordLike({ requestsPerSecond: nearly(0.5, 10), burst: nearly(1, 20) }, ["requestsPerSecond"]),
      maxBodyMiB: nearly(1, 100),
      cors: recordLike({ origins: nearly(["*"], ["https://app.test"], ["https://app.test/"]), credentials: nearly(true, false) }, ["origins"]),
    },
    ["to"],
  ),
);
const observable = fc.record({
  observed: recordLike(
    {
      kind: nearly("AppService", "PostgresDb", "NatsCluster"),
      name: nearly("api", "db"),
      replicas: nearly(1, 3),
      metrics: recordLike({ from: connection, path: nearly("/metrics") }, ["from", "path"]),
      health: recordLike({ from: connection, path: nearly("/health") }, ["from"]),
      exporter: recordLike({ kind: nearly("postgres", "redis", "nats", "nginx"), from: connection }, ["kind", "from"]),
      facts: mapLike(["databases", "streams"], nearly([], ["app"])),
    },
    ["kind", "name", "replicas", "facts"],
  ),
});

const pemLike = nearly("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "x");

const temporalStore = (database: string) => mostly(fc.constant(connectionTo("db", { username: database, password: "x", database })));

const sizes = { memoryMiB: size, storageGiB: size };

/** Arguments of each component, right and wrong mixed. */
export const componentArgs = {
  PostgresDb: recordLike({
    ...sizes,
    version: nearly("16", "17"),
    databases: mapLike(["app", "shop"], database),
    maxConnections: size,
    settings: mapLike(["work_mem", "jit"], nearly("64MB", 1, true)),
  }),
  NatsCluster: recordLike({ ...sizes, replicas: nearly(1, 3), streams: mapLike(["A", "ORDERS"], stream), deadLetters: nearly(true, false) }),
  NatsTemporalBridge: recordLike(
    {
      memoryMiB: size,
      nats: mostly(fc.constant(connectionTo("bus", { scheme: "nats", username: "app", password: "x" }))),
      temporal: mostly(fc.constant(connectionTo("temporal", { scheme: "temporal", path: "/guard" }))),
      telemetry: mostly(connection),
      stream: nearly("GH"),
      consumer: nearly("CODEX", "a.b"),
      routes: mostly(fc.array(route, { minLength: 1, maxLength: 3 })),
      maxDeliver: nearly(1, 5),
      replicas: nearly(1, 3),
      stopSeconds: size,
    },
    ["nats", "temporal", "stream", "consumer", "routes"],
  ),
  MessageQueue: recordLike({ ...sizes, queues: mapLike(["jobs", "mail", "x-dlq"], queue), topics: mapLike(["events", "jobs"], topic) }, ["queues"]),
  ObservabilityStack: recordLike(
    {
      observes: mostly(fc.array(mostly(observable), { maxLength: 3 })),
      traces: nearly("tempo", "jaeger", "none"),
      scrapeSeconds: nearly(5, 15),
      memoryMiB: mapLike(["collector", "logs"], size),
      retentionDays: mapLike(["metrics", "logs"], nearly(7, 30)),
      storageGiB: mapLike(["metrics", "traces"], nearly(5)),
      receivers: recordLike({
        webhook: mostly(
          fc.array(recordLike({ url: nearly("https://a.test/x"), host: nearly("a.test", "b.test"), severity: nearly("info") }, ["url", "host"])),
        ),
        slack: mostly(fc.array(recordLike({ apiUrl: nearly("https://hooks.slack.com/x"), channel: nearly("#ops") }, ["apiUrl", "channel"]))),
        email: mostly(
          fc.array(
            recordLike({ to: nearly("a@b.test"), from: nearly("a@b.test"), host: nearly("b.test"), username: nearly("u") }, ["to", "from", "host"]),
          ),
        ),
      }),
    },
    ["observes"],
  ),
  ServiceMeshGateway: recordLike(
    {
      memoryMiB: size,
      hosts: nearly(["localhost"], ["localhost", "shop.test"], ["A"]),
      routes: mapLike(["web", "api", "x-"], gatewayRoute),
      tls: mostly(
        recordLike({
          certificate: fc.oneof(nearly("development"), recordLike({ certificate: pemLike, key: pemLike }, ["certificate"])),
          minVersion: nearly("1.2", "1.3", 1.3),
        }),
      ),
      hsts: fc.oneof(nearly(false), recordLike({ maxAgeSeconds: nearly(1, 31_536_000), preload: nearly(true, false) }, ["maxAgeSeconds"])),
      securityHeaders: mapLike(["X-Frame-Options", "Referrer-Policy"], nearly("DENY", false, 'a "b"')),
      gzip: nearly(true, false),
      replicas: nearly(1, 3),
    },
    ["routes"],
  ),
  OpaServer: recordLike(
    {
      memoryMiB: size,
      policies: nearly("policies"),
      path: nearly("repo/guard", "other"),
      replicas: nearly(1, 3),
      decisionLogs: nearly(true, false),
      maskInputs: mostly(fc.array(nearly("/a/b", "a"), { maxLength: 2 })),
      cpus: nearly(0.5),
    },
    ["policies", "path"],
  ),
  TemporalServer: recordLike(
    {
      memoryMiB: size,
      database: temporalStore("temporal"),
      visibility: temporalStore("temporal_visibility"),
      historyShards: nearly(4, 512),
      version: nearly("1.31", "1.32"),
      namespaces: mapLike(
        ["guard", "audit"],
        mostly(
          recordLike({
            retentionDays: nearly(3, 7),
            searchAttributes: mapLike(["Repository", "RunId"], nearly("Keyword", "Int")),
            description: nearly("it's"),
          }),
        ),
      ),
      dynamicConfig: mapLike(["limit.maxIDLength", "x"], nearly(255, true, [{ value: 1, constraints: { namespace: "guard" } }])),
      ui: nearly(true, false),
      maxConnections: nearly(16, 60),
      cpus: nearly(1),
      logLevel: nearly("debug", "warn"),
    },
    ["database", "visibility", "historyShards", "namespaces"],
  ),
  RedisCache: recordLike({ ...sizes, engine: nearly("valkey", "redis"), maxMemoryPolicy: nearly("noeviction") }),
  AppService: recordLike(
    {
      memoryMiB: size,
      image: fc.oneof(nearly("acme/api:1.0"), recordLike({ build }, ["build"])),
      tools: nearly(["curl"]),
      ports: mapLike(["http", "admin"], nearly(8000, 9000, 9001)),
      health: probe,
      bindings: mapLike(["DB", "A"], binding),
      env: mapLike(["A_URL", "DB_URL", "toString"], nearly("x")),
      egress: mostly(fc.array(recordLike({ host: nearly("a.io"), port: nearly(443) }, ["host", "port"]), { maxLength: 2 })),
      publish: nearly([], ["http"]),
      replicas: nearly(1, 3),
      command: nearly(["run"]),
      volumes: mapLike(["data", "more"], recordLike({ path: nearly("/data", "/more"), storageGiB: size }, ["path"])),
      user: nearly("1000:1000"),
      cpus: nearly(0.5),
      stopSeconds: size,
    },
    ["ports", "health"],
  ),
};
