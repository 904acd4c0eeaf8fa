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

/** A value that is right half of the time. */
export const nearly = (...right: readonly unknown[]): fc.Arbitrary<unknown> => fc.oneof(fc.constantFrom(...right), json);

/** A map whose keys are often among these, with values like that. */
export const mapLike = (keys: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value, { maxKeys: 4 }) },
    { weight: 1, arbitrary: json },
  );

/** A record in which any of the keys may be missing and an unknown one may stand. */
export const recordLike = (model: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> =>
  fc
    .tuple(
      fc.record(model, { requiredKeys: [] }),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(fc.oneof(fc.string({ minLength: 1 }), fc.constant("platform")), json) },
      ),
    )
    .map(([known, unknown]) => ({ ...known, ...unknown }));

const size = nearly(1, 3, 64, 512);

const database = fc.oneof(
  recordLike({
    owner: nearly("app", "postgres"),
    extensions: nearly([], ["pgcrypto"]),
    grants: mapLike(["app", "reader"], nearly("read", "write")),
    initSql: nearly("SELECT 1"),
  }),
  json,
);

const consumer = fc.oneof(recordLike({ filterSubject: nearly("orders.new"), ackWaitSeconds: size, maxDeliver: size, deliver: nearly("all") }), json);
const subjects = fc.oneof(fc.array(nearly("orders.>", "orders.*", "dlq.>"), { maxLength: 3 }), json);
const stream = fc.oneof(recordLike({ subjects, retention: nearly("limits"), maxMiB: size, consumers: mapLike(["W", "A-B"], consumer) }), json);

const connection = fc.constantFrom("db", "api", "it").map((system) => connectionTo(system, { username: "app", password: "x" }));
const longBinding = fc.record({
  to: fc.oneof(connection, json),
  env: mapLike(
    ["A_URL", "B_URL", "a"],
    fc.oneof(
      fc.constant(() => "x"),
      json,
    ),
  ),
});
const binding = fc.oneof(connection, longBinding, json);

const probe = fc.oneof(
  recordLike({
    kind: nearly("http", "tcp", "exec"),
    path: nearly("/health"),
    port: nearly("http"),
    command: nearly(["true"]),
    intervalSeconds: size,
    timeoutSeconds: size,
  }),
  json,
);

const sizes = { memoryMiB: size, storageGiB: size };

/** Arguments of each component, right and wrong mixed. */
export const componentArgs = {
  PostgresDb: recordLike({
    ...sizes,
    version: nearly("16", "17"),
    databases: mapLike(["app", "shop"], database),
    maxConnections: size,
    settings: mapLike(["work_mem", "port"], nearly("64MB", 1, true)),
  }),
  NatsCluster: recordLike({ ...sizes, replicas: nearly(1, 3), streams: mapLike(["A", "ORDERS", "DLQ"], stream), deadLetters: nearly(true, false) }),
  RedisCache: recordLike({ ...sizes, engine: nearly("valkey", "redis"), maxMemoryPolicy: nearly("noeviction") }),
  AppService: recordLike({
    memoryMiB: size,
    image: fc.oneof(nearly("acme/api:1.0"), recordLike({ build: recordLike({ context: nearly("."), args: mapLike(["A"], nearly("b")) }) })),
    tools: nearly(["curl"]),
    ports: mapLike(["http", "admin"], nearly(8000, 9000)),
    health: probe,
    bindings: mapLike(["DB", "A", "api"], binding),
    env: mapLike(["A_URL", "DB_URL", "toString"], nearly("x")),
    egress: fc.oneof(fc.array(recordLike({ host: nearly("a.io"), port: nearly(443) }), { maxLength: 2 }), json),
    publish: nearly(["http"], ["nope"], "http"),
    replicas: size,
    command: nearly(["run"]),
    volumes: mapLike(["data"], recordLike({ path: nearly("/data", "/proc"), storageGiB: size })),
    user: nearly("1000:1000", "0:0"),
    cpus: nearly(0.5),
    stopSeconds: size,
  }),
};
