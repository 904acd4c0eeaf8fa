import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SystemSpec } from "../../../src/core/system.ts";
import { isSecretText, outsidePort, shownText } from "../../../src/core/text.ts";
import type { ContainerSpec } from "../../../src/core/workload.ts";
import { type Kind, settingsOf, soundSpec } from "../../support/settings.ts";
import { connectionTo, watched } from "../connections.ts";

const profile = fc.constantFrom("dev", "staging", "prod");
const size = { memoryMiB: fc.integer({ min: 128, max: 4096 }), storageGiB: fc.integer({ min: 1, max: 500 }) };
const some = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });
/** A name that nobody keeps for himself: those of PostgreSQL and of dead letters begin with later letters. */
const word = fc.stringMatching(/^[a-c][a-z0-9_]{2,6}$/);

/** Arguments that are right. */
const sound: Record<Kind, fc.Arbitrary<object>> = {
  PostgresDb: some({
    ...size,
    version: fc.constantFrom("16", "17"),
    databases: fc.dictionary(word, some({ owner: word, extensions: fc.constant(["pgcrypto"]), initSql: fc.constant("SELECT 1") }), { maxKeys: 3 }),
    settings: fc.constant({ work_mem: "64MB" }),
  }),
  NatsCluster: some({
    ...size,
    replicas: fc.constantFrom(1, 3),
    deadLetters: fc.boolean(),
    streams: fc
      .dictionary(word, fc.constant({}), { maxKeys: 3 })
      .map((streams) => Object.fromEntries(Object.keys(streams).map((name) => [name, { subjects: [`${name}.>`], consumers: { W: {} } }]))),
  }),
  NatsTemporalBridge: some({
    memoryMiB: size.memoryMiB,
    replicas: fc.integer({ min: 1, max: 4 }),
    telemetry: fc.constant(connectionTo("telemetry")),
  }).map((rest) => ({
    ...rest,
    nats: connectionTo("bus", { scheme: "nats", username: "app", password: "x" }),
    temporal: connectionTo("temporal", { scheme: "temporal", path: "/guard" }),
    stream: "GH",
    consumer: "CODEX",
    routes: [{ subject: "gh.>", workflow: "HandlePush", taskQueue: "codex" }],
  })),
  MessageQueue: fc
    .tuple(
      some({ memoryMiB: fc.integer({ min: 192, max: 4096 }), storageGiB: size.storageGiB }),
      fc.dictionary(word, some({ fifo: fc.boolean(), deadLetters: fc.boolean(), delaySeconds: fc.integer({ min: 0, max: 900 }) }), {
        minKeys: 1,
        maxKeys: 3,
      }),
    )
    .map(([rest, queues]) => ({ ...rest, queues })),
  OpaServer: some({ memoryMiB: size.memoryMiB, replicas: fc.integer({ min: 1, max: 4 }), decisionLogs: fc.boolean() }).chain((rest) =>
    fc.constantFrom([], ["/event/token"]).map((maskInputs) => ({ ...rest, maskInputs, policies: "policies", path: "repo/guard" })),
  ),
  TemporalServer: some({
    memoryMiB: fc.integer({ min: 256, max: 4096 }),
    version: fc.constantFrom("1.31", "1.32"),
    ui: fc.boolean(),
    maxConnections: fc.integer({ min: 16, max: 200 }),
    dynamicConfig: fc.constant({ "limit.maxIDLength": 255 }),
  }).map((rest) => ({
    ...rest,
    historyShards: 4,
    namespaces: { guard: { searchAttributes: { Repository: "Keyword" }, description: "what's guarded" } },
    database: connectionTo("db", { username: "temporal", password: "x", database: "temporal" }),
    visibility: connectionTo("db", { username: "temporal_visibility", password: "x", database: "temporal_visibility" }),
  })),
  ObservabilityStack: some({
    traces: fc.constantFrom("tempo", "jaeger", "none"),
    memoryMiB: some({ collector: size.memoryMiB, exporter: size.memoryMiB }),
    retentionDays: some({ logs: fc.integer({ min: 1, max: 90 }) }),
    receivers: some({
      webhook: fc.constant([{ service: connectionTo("pager", { scheme: "http" }), path: "/alerts" }]),
    }),
    observes: fc.subarray([
      watched("PostgresDb", "db", { exporter: { kind: "postgres", from: connectionTo("db", { username: "monitor", password: "x" }) } }),
      watched("RedisCache", "cache", { exporter: { kind: "redis", from: connectionTo("cache", { username: "monitor", password: "x" }) } }),
      watched("NatsCluster", "bus", { replicas: 3, exporter: { kind: "nats", from: connectionTo("bus", { scheme: "http" }) } }),
      watched("AppService", "api", { replicas: 2, metrics: { from: connectionTo("api", { scheme: "http" }), path: "/metrics" } }),
      watched("MessageQueue", "queue"),
    ]),
  }).map((rest) => ({ observes: [], ...rest })),
  RedisCache: some({ ...size, engine: fc.constantFrom("valkey", "redis"), maxMemoryPolicy: fc.constant("allkeys-lru") }),
  ServiceMeshGateway: some({ memoryMiB: size.memoryMiB, gzip: fc.boolean(), hosts: fc.constantFrom(["localhost"], ["a.test", "b.test"]) }).map(
    (rest) => ({
      ...rest,
      routes: {
        web: { to: connectionTo("web", { scheme: "http" }) },
        api: {
          path: "/api",
          to: { stable: connectionTo("api", { scheme: "http" }), canary: connectionTo("next", { scheme: "http" }) },
          weights: { stable: 90, canary: 10 },
        },
      },
      tls: { certificate: { certificate: pulumi.output("certificate"), key: pulumi.secret("key") } },
    }),
  ),
  AppService: fc
    .tuple(
      fc.constantFrom({ kind: "http", path: "/h" }, { kind: "tcp", port: "admin" }, { kind: "exec", command: ["true"] }),
      some({ publish: fc.constant(["admin"]), memoryMiB: size.memoryMiB, tools: fc.constant(["nc"]) }),
    )
    .map(([health, rest]) => ({ ...rest, health, image: "acme/api:1.0", ports: { http: 8000, admin: 9000 }, bindings: { DB: connectionTo("db") } })),
};

const containersOf = (spec: SystemSpec): readonly ContainerSpec[] => [...spec.workloads, ...spec.jobs];
const namesIn = (container: ContainerSpec) =>
  [...container.files.map(({ content }) => content), ...Object.values(container.env)].flatMap((value) =>
    isSecretText(value) ? value.parts.flatMap((part) => (typeof part === "string" ? [] : [part.secret])) : [],
  );

describe.each(Object.keys(sound) as Kind[])("%s", (kind) => {
  const checkAll = (check: (spec: SystemSpec) => void) =>
    fc.assert(fc.property(sound[kind], profile, (args, name) => check(soundSpec(kind, "it", args, settingsOf({ profile: name })))));

  test("parts refer only to parts that are there", () => {
    checkAll((spec) => {
      const workloads = new Map(spec.workloads.map((workload) => [workload.name, workload]));
      const names = [...spec.workloads, ...spec.jobs].map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^it(-|$)/);
      for (const { after, joins } of spec.jobs) {
        expect(after.filter((name) => !names.includes(name))).toEqual([]);
        if (joins) expect([...workloads.keys()]).toContain(joins);
      }
      for (const { workload, port, secret } of Object.values(spec.connections)) {
        expect(workloads.get(workload)?.ports).toHaveProperty([port]);
        if (secret) expect(spec.secrets).toHaveProperty([secret]);
      }
      for (const { probe, ports } of spec.workloads) if ("port" in probe && probe.port) expect(ports).toHaveProperty([probe.port]);
    });
  });

  test("secrets are declared, and stand in no argument, name or label", () => {
    checkAll((spec) => {
      for (const container of containersOf(spec)) {
        const known = [...Object.keys(spec.secrets), ...spec.digest.published.map((port) => outsidePort(port).secret)];
        expect(namesIn(container).filter((name) => !known.includes(name))).toEqual([]);
        expect([...(container.entrypoint ?? []), ...(container.command ?? [])].every((part) => typeof part === "string")).toBe(true);
      }
    });
  });

  test("all files of a container share one folder and no name", () => {
    checkAll((spec) => {
      for (const { files } of containersOf(spec)) {
        expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
        // Grafana wants folders below it, and OPA one for its bundle; AWS, which has none, runs neither.
        const inFolder = ["ObservabilityStack", "OpaServer"].includes(kind) ? /^\/etc\/groundplan(\/[^/]+)+$/ : /^\/etc\/groundplan\/[^/]+$/;
        expect(files.filter(({ path }) => !inFolder.test(path))).toEqual([]);
      }
    });
  });

  test("nothing runs as root, writes to its image or reaches the internet without being told so", () => {
    checkAll((spec) => {
      for (const { uid, readOnlyRoot, resources } of containersOf(spec)) {
        expect([uid > 0, readOnlyRoot, resources.memoryMiB > 0, resources.cpus > 0]).toEqual([true, true, true, true]);
      }
      for (const { egress } of spec.workloads) expect(egress).toEqual([]);
    });
  });

  test("only dev opens ports of data systems by itself, and the digest says what is open", () => {
    checkAll((spec) => {
      const open = spec.workloads.flatMap(({ ports }) => Object.entries(ports).flatMap(([name, { published }]) => (published ? [name] : [])));
      expect(spec.digest.published).toEqual(open);
      // The daemon itself hands logs over. Services say what they publish, and a gateway is there for nothing else.
      const always = kind === "ObservabilityStack" ? ["fluent"] : [];
      if (spec.digest.profile !== "dev" && kind !== "AppService" && kind !== "ServiceMeshGateway") expect(open).toEqual(always);
    });
  });
});

describe("RedisCache", () => {
  const filesOf = (args: object) =>
    Object.fromEntries(
      soundSpec("RedisCache", "it", args).workloads[0]?.files.map(({ path, content }) => [path.split("/").at(-1), shownText(content)]) ?? [],
    );

  test("nobody gets in without the password, and the application not to what is dangerous", () => {
    const acl = filesOf({})["users.acl"] ?? "";
    expect(acl).toMatch(/^user default off$/m);
    expect(acl).toMatch(/^user app on >\[app\] .*-@dangerous/m);
    expect(acl).not.toMatch(/nopass/);
  });
  test("a quarter of the memory stays free for rewriting the file, and what is kept is written every second", () => {
    const config = filesOf({ memoryMiB: 400, engine: "redis", maxMemoryPolicy: "allkeys-lfu" })["redis.conf"];
    expect(config).toMatch(/^maxmemory 300mb$/m);
    expect(config).toMatch(/^maxmemory-policy allkeys-lfu$/m);
    expect(config).toMatch(/^appendonly yes$/m);
    expect(config).toMatch(/^appendfsync everysec$/m);
  });
});
