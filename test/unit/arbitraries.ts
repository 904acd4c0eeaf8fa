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
  MessageQueue: recordLike({ ...sizes, queues: mapLike(["jobs", "mail", "x-dlq"], queue), topics: mapLike(["events", "jobs"], topic) }, ["queues"]),
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
