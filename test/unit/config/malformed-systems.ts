import type { Kind } from "../../support/settings.ts";
import type { ExpectedProblem, MalformedCase } from "./malformed-cases.ts";

const component =
  (kind: Kind) =>
  (name: string, args: object, ...expected: ExpectedProblem[]): MalformedCase => ({
    name: `${kind}: ${name}`,
    components: [[kind, "it", args]],
    expected,
  });
const postgres = component("PostgresDb");
const nats = component("NatsCluster");
const redis = component("RedisCache");
const queue = component("MessageQueue");

const one = (path: string, rule: RegExp, fix: RegExp): ExpectedProblem => ({ path, rule, fix });
const kept = (path: string, what: string) => one(path, new RegExp(`a ${what} that PostgreSQL does not keep`), /choose another name/);
const subject = (path: string) => one(path, /a subject such as orders\.>/, /separate words by dots/);
const twice = (path: string, rule: RegExp) => one(path, rule, /narrow one of the two/);
const lowerCase = /1 to 24 lower-case letters/;

/** What can be wrong in the arguments of the data systems, and in names. */
export const malformedSystems: readonly MalformedCase[] = [
  ...["Db", "1db", "db-", "my--db", "my_db", "a".repeat(25)].map(
    (name): MalformedCase => ({
      name: `a component named "${name}"`,
      components: [["RedisCache", name]],
      expected: [one("name", lowerCase, /order-api/)],
    }),
  ),
  {
    name: "problems of four components at once, from three places",
    stack: { components: { cache: { engine: "vlakey" }, bus: { replicas: 2 } } },
    environment: { GROUNDPLAN_COMPONENTS__CACHE__MEMORYMIB: "1" },
    components: [
      ["RedisCache", "cache"],
      ["NatsCluster", "bus", { deadLetters: "yes" }],
      ["PostgresDb", "Db", { version: "15" }],
      ["AppService", "api", { image: "acme/api:1.0", ports: { http: 1 }, health: {} }],
    ],
    expected: [
      { ...one("engine", /one of valkey, redis/, /did you mean valkey\?/), origin: "Pulumi.dev.yaml components.cache.engine" },
      { ...one("memoryMiB", /from 64 to 65536 MiB/, /in that range/), origin: "environment GROUNDPLAN_COMPONENTS__CACHE__MEMORYMIB" },
      { ...one("replicas", /1 or 3/, /use 1 in dev/), origin: "Pulumi.dev.yaml components.bus.replicas" },
      one("deadLetters", /true or false/, /without quotes/),
      one("name", lowerCase, /order-api/),
      one("version", /one of 16, 17/, /did you mean 16\?/),
      one("health.kind", /one of http, tcp, exec/, /choose http/),
    ],
  },
  postgres(
    "unknown arguments",
    { database: {}, maxConections: 5, user: "me" },
    one("database", /a known argument/, /did you mean databases\?/),
    one("maxConections", /a known argument/, /did you mean maxConnections\?/),
    one("user", /a known argument/, /remove it/),
  ),
  postgres("a version that is a number", { version: 17 }, one("version", /one of 16, 17/, /quotes: "17"/)),
  postgres(
    "names that PostgreSQL keeps for itself",
    { databases: { template1: {}, app: { owner: "pg_read_all_data", grants: { public: "read" } } } },
    kept("databases.template1", "database"),
    kept("databases.app.owner", "role"),
    kept("databases.app.grants.public", "role"),
  ),
  postgres(
    "names that need quoting",
    { databases: { Orders: {}, "order items": {}, ["o".repeat(32)]: {}, app: { owner: 'a"; DROP' } } },
    ...["Orders", "order items", "o".repeat(32), "app.owner"].map((name) => one(`databases.${name}`, /1 to 31 lower-case letters/, /rename it/)),
  ),
  postgres("an empty entry, as YAML writes it", { databases: { app: null } }, one("databases.app", /a map of settings/, /as a map/)),
  postgres("databases as a list", { databases: ["app"] }, one("databases", /a map of names/, /as a map/)),
  postgres(
    "a database with everything wrong",
    { databases: { app: { extensions: ["pg crypto", 1], grants: { reader: "raed" }, initSql: " ", onwer: "x" } } },
    one("databases.app.extensions[0]", /the name of an extension/, /pgcrypto/),
    one("databases.app.extensions[1]", /the name of an extension/, /pgcrypto/),
    one("databases.app.grants.reader", /one of read, write/, /did you mean read\?/),
    one("databases.app.initSql", /SQL text/, /remove it/),
    one("databases.app.onwer", /a known argument/, /did you mean owner\?/),
  ),
  postgres(
    "grants to owners",
    { databases: { app: { grants: { app: "read" } }, shop: { owner: "seller", grants: { seller: "write" } } } },
    one("databases.app.grants.app", /another role than the owner/, /remove the grant/),
    one("databases.shop.grants.seller", /another role than the owner/, /remove the grant/),
  ),
  postgres(
    "settings that the component makes itself",
    { settings: { port: 1, hba_file: "/x", work_mem: "64'MB", "bad name": 1, ssl: null } },
    one("settings.port", /does not make itself/, /remove it/),
    one("settings.hba_file", /does not make itself/, /remove it/),
    one("settings.work_mem", /text without quotes/, /64MB/),
    one("settings.bad name", /the name of a setting/, /work_mem/),
    one("settings.ssl", /text without quotes/, /64MB/),
  ),
  postgres(
    "sizes out of range",
    { maxConnections: 5, memoryMiB: 64, storageGiB: 0.5 },
    one("maxConnections", /from 10 to 5000 connections/, /in that range/),
    one("memoryMiB", /from 128 to/, /in that range/),
    one("storageGiB", /from 1 to 65536 GiB/, /in that range/),
  ),
  nats("two nodes", { replicas: 2 }, one("replicas", /1 or 3: two nodes have no quorum/, /use 1 in dev and 3/)),
  nats("more nodes than there are atoms", { replicas: 1e80 }, one("replicas", /1 or 3/, /use 1/)),
  nats(
    "a stream without subjects, one with an empty list, one that is none",
    { streams: { A: {}, B: { subjects: [] }, C: "c.>" } },
    one("streams.A.subjects", /required/, /give subjects/),
    one("streams.B.subjects", /at least 1 entry/, /add an entry/),
    one("streams.C", /a map of settings/, /as a map/),
  ),
  nats(
    "subjects that are none",
    { streams: { A: { subjects: ["a..b", "a.>.b", "$JS.API", "a b", ">", "a.b*", 5] } } },
    ...[0, 1, 2, 3, 4, 5, 6].map((index) => subject(`streams.A.subjects[${index}]`)),
  ),
  nats(
    "names that are none",
    { streams: { DLQ: { subjects: ["a"] }, "A.B": { subjects: ["b"] }, C: { subjects: ["c"], consumers: { "D E": {} } } } },
    one("streams.DLQ", /the name must be another name than DLQ/, /rename the stream/),
    one("streams.A.B", /the name must be 1 to 32 letters/, /ORDERS/),
    one("streams.C.consumers.D E", /the name must be 1 to 32 letters/, /ORDERS/),
  ),
  nats(
    "two streams that keep one subject",
    { streams: { A: { subjects: ["orders.>"] }, B: { subjects: ["shop.*", "orders.*.new"] } } },
    twice("streams.B.subjects[1]", /A keeps orders\.>/),
  ),
  nats(
    "one stream that keeps a subject twice",
    { streams: { A: { subjects: ["orders.>", "orders.new"] } } },
    twice("streams.A.subjects[1]", /A keeps orders\.>/),
  ),
  nats(
    "streams that keep dead letters, which the library does",
    { streams: { A: { subjects: ["dlq.mine"] }, B: { subjects: ["*.created"] } } },
    twice("streams.A.subjects[0]", /DLQ keeps dlq\.>/),
    twice("streams.B.subjects[0]", /DLQ keeps dlq\.>/),
  ),
  nats(
    "a stream and a consumer with everything wrong",
    {
      streams: {
        A: {
          subjects: ["a"],
          retention: "limit",
          maxAgeHours: -1,
          discard: "oldest",
          maxMiB: 0.5,
          duplicateWindowSeconds: 0,
          consumers: { W: { deliver: "first", maxDeliver: 0, ackWaitSeconds: "30s", maxAckPending: 0, filterSubject: "a..b", retries: 5 } },
        },
      },
    },
    one("streams.A.retention", /one of limits, workqueue, interest/, /did you mean limits\?/),
    one("streams.A.maxAgeHours", /from 0 to 876000 hours/, /in that range/),
    one("streams.A.discard", /one of old, new/, /choose old or new/),
    one("streams.A.maxMiB", /a whole number/, /in that range/),
    one("streams.A.duplicateWindowSeconds", /from 1 to 86400/, /in that range/),
    one("streams.A.consumers.W.deliver", /one of all, new, last/, /choose all/),
    one("streams.A.consumers.W.maxDeliver", /from 1 to 1000/, /in that range/),
    one("streams.A.consumers.W.ackWaitSeconds", /from 1 to 86400 seconds/, /in that range/),
    one("streams.A.consumers.W.maxAckPending", /from 1 to 1000000/, /in that range/),
    subject("streams.A.consumers.W.filterSubject"),
    one("streams.A.consumers.W.retries", /a known argument/, /remove it/),
  ),
  nats(
    "sizes out of range",
    { maxPayloadKiB: 9000, memoryMiB: 1, storageGiB: "5GB" },
    one("maxPayloadKiB", /from 1 to 8192 KiB/, /in that range/),
    one("memoryMiB", /from 64 to 65536 MiB/, /in that range/),
    one("storageGiB", /from 1 to 65536 GiB/, /in that range/),
  ),
  queue("no queues", {}, one("queues", /required/, /give queues/)),
  queue("an empty map of queues", { queues: {} }, one("queues", /at least one queue/, /\{ jobs: \{\} \}/)),
  queue(
    "names that SQS or the library does not take",
    { queues: { "jobs.fifo": { fifo: true }, "jobs-dlq": {}, ["q".repeat(41)]: {}, "1st": {}, "a--b": {} } },
    one("queues.jobs.fifo", /\.fifo is added/, /rename it/),
    one("queues.jobs-dlq", /another ending than -dlq/, /rename the queue/),
    ...["q".repeat(41), "1st", "a--b"].map((name) => one(`queues.${name}`, /1 to 40 letters/, /rename it/)),
  ),
  queue(
    "a queue with everything out of range",
    {
      queues: {
        jobs: {
          fifo: "yes",
          visibilityTimeoutSeconds: 43_201,
          receiveWaitTimeSeconds: 21,
          delaySeconds: 901,
          messageRetentionSeconds: 59,
          maxMessageKiB: 1025,
          maxReceiveCount: 0,
          retentionDays: 4,
        },
      },
      memoryMiB: 128,
      storageGiB: 0,
    },
    one("queues.jobs.fifo", /true or false/, /without quotes/),
    one("queues.jobs.visibilityTimeoutSeconds", /from 0 to 43200 seconds/, /in that range/),
    one("queues.jobs.receiveWaitTimeSeconds", /from 0 to 20 seconds/, /in that range/),
    one("queues.jobs.delaySeconds", /from 0 to 900 seconds/, /in that range/),
    one("queues.jobs.messageRetentionSeconds", /from 60 to 1209600 seconds/, /in that range/),
    one("queues.jobs.maxMessageKiB", /from 1 to 1024 KiB/, /in that range/),
    one("queues.jobs.maxReceiveCount", /from 1 to 1000/, /in that range/),
    one("queues.jobs.retentionDays", /a known argument/, /remove it/),
    one("memoryMiB", /from 192 to/, /in that range/),
    one("storageGiB", /from 1 to/, /in that range/),
  ),
  queue(
    "arguments that contradict each other",
    { queues: { jobs: { contentBasedDeduplication: true }, raw: { deadLetters: false, maxReceiveCount: 3 } } },
    one("queues.jobs.contentBasedDeduplication", /a standard queue drops no duplicates/, /add fifo: true/),
    one("queues.raw.maxReceiveCount", /a dead-letter queue to go to/, /leave out deadLetters/),
  ),
  queue(
    "topics without subscribers, with unknown ones, with one twice, and with a FIFO queue behind a standard topic",
    {
      queues: { jobs: {}, mail: { fifo: true } },
      topics: { events: { subscribers: ["jobs", "jbos", { queue: "jobs" }, "mail"] }, ordered: { fifo: true, subscribers: ["mail", "jobs"] } },
    },
    one("topics.events.subscribers[1]", /a queue of this component: jobs, mail/, /correct the name/),
    one("topics.events.subscribers[2]", /each queue once/, /remove it/),
    one("topics.events.subscribers[3]", /a standard topic keeps no order/, /fifo: true to the topic/),
  ),
  queue(
    "a topic with everything wrong",
    {
      queues: { jobs: {} },
      topics: { events: { subscribers: [] }, "my events": { fifo: 1, subscribers: [{ queue: "jobs", filter: { kind: [] } }] } },
    },
    one("topics.events.subscribers", /at least 1 entry/, /add an entry/),
    one("topics.my events", /1 to 40 letters/, /rename it/),
    one("topics.my events.fifo", /true or false/, /without quotes/),
    one("topics.my events.subscribers[0].filter.kind", /at least 1 entry/, /add an entry/),
  ),
  redis("an engine with a slip of the pen", { engine: "reddis" }, one("engine", /one of valkey, redis/, /did you mean redis\?/)),
  redis("an engine that every object has", { engine: "constructor" }, one("engine", /one of valkey, redis/, /choose valkey or redis/)),
  redis(
    "everything wrong",
    { engine: 7, maxMemoryPolicy: "allkeys-lur", memoryMiB: 32, storageGiB: 0, pasword: "hunter2" },
    one("engine", /one of valkey, redis/, /choose valkey/),
    one("maxMemoryPolicy", /one of noeviction/, /did you mean allkeys-lru\?/),
    one("memoryMiB", /from 64 to/, /in that range/),
    one("storageGiB", /from 1 to/, /in that range/),
    one("pasword", /a known argument/, /remove it, or use one of platform, engine/),
  ),
  {
    name: "RedisCache: a secret in the stack file under a name that nobody knows",
    stack: { components: { it: { auth: { apiKey: "hunter2", url: "redis://:hunt@er3@cache:6379" } } } },
    components: [["RedisCache", "it"]],
    expected: [{ ...one("auth", /a known argument/, /remove it/), origin: "Pulumi.dev.yaml components.it.auth" }],
  },
];
