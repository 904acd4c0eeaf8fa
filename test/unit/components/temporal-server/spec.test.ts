import { describe, expect, test } from "vitest";
import type { SystemSpec } from "../../../../src/core/system.ts";
import { settingsOf, soundSpec, specs } from "../../../support/settings.ts";
import { connectionTo, resolved } from "../../connections.ts";

const store = (database: string, system = "db") => connectionTo(system, { username: database, password: `${database}-secret`, database });

const args = {
  database: store("temporal"),
  visibility: store("temporal_visibility", "db2"),
  historyShards: 4,
  namespaces: { guard: { retentionDays: 3 }, audit: {} },
};

const spec = (over: object = {}, settings = settingsOf()) => soundSpec("TemporalServer", "temporal", { ...args, ...over }, settings);
const problemsOf = (over: object) =>
  specs.TemporalServer("temporal", { ...args, ...over }).problems.map(({ path, rule, fix }) => `${path}: ${rule}; ${fix}`);

async function envOf(system: SystemSpec, part: string): Promise<Record<string, string>> {
  const env = [...system.workloads, ...system.jobs].find(({ name }) => name === part)?.env ?? {};
  const values = Object.entries(env).map(async ([name, value]) => [name, typeof value === "string" ? value : await resolved(value as never)]);
  return Object.fromEntries(await Promise.all(values));
}

const part = (system: SystemSpec, name: string) => [...system.workloads, ...system.jobs].find((each) => each.name === name);

test("the server gets all that its template reads", async () => {
  expect(await envOf(spec({ logLevel: "debug", maxConnections: 80, memoryMiB: 1000 }), "temporal")).toEqual({
    DB: "postgres12",
    POSTGRES_SEEDS: "db",
    DB_PORT: "5432",
    POSTGRES_USER: "temporal",
    POSTGRES_PWD: "temporal-secret",
    DBNAME: "temporal",
    VISIBILITY_POSTGRES_SEEDS: "db2",
    VISIBILITY_DB_PORT: "5432",
    VISIBILITY_POSTGRES_USER: "temporal_visibility",
    VISIBILITY_POSTGRES_PWD: "temporal_visibility-secret",
    VISIBILITY_DBNAME: "temporal_visibility",
    SQL_MAX_CONNS: "14",
    SQL_MAX_IDLE_CONNS: "14",
    SQL_VIS_MAX_CONNS: "6",
    SQL_VIS_MAX_IDLE_CONNS: "6",
    NUM_HISTORY_SHARDS: "4",
    BIND_ON_IP: "0.0.0.0",
    TEMPORAL_BROADCAST_ADDRESS: "127.0.0.1",
    PROMETHEUS_ENDPOINT: "0.0.0.0:9090",
    DYNAMIC_CONFIG_FILE_PATH: "/etc/groundplan/dynamic-config.yaml",
    LOG_LEVEL: "debug",
    GOMEMLIMIT: "900MiB",
  });
});

test.each([16, 17, 60, 1000])("with maxConnections %i, four roles stay within it", async (maxConnections) => {
  const { SQL_MAX_CONNS, SQL_VIS_MAX_CONNS } = await envOf(spec({ maxConnections }), "temporal");
  const [main, visibility] = [Number(SQL_MAX_CONNS), Number(SQL_VIS_MAX_CONNS)];
  expect(Math.min(main, visibility)).toBeGreaterThan(0);
  expect((main + visibility) * 4).toBeLessThanOrEqual(maxConnections);
});

test("schema before server before namespaces, and each reaches only what it asks", () => {
  const system = spec();
  const [bound, none] = [["DATABASE", "VISIBILITY"], []];
  const ways = (name: string) => {
    const { after = [], bindings = [], ...rest } = part(system, name) ?? {};
    return { after, bound: bindings.map(({ key }) => key), joins: "joins" in rest ? rest.joins : undefined };
  };
  expect(ways("temporal-version")).toEqual({ after: [], bound, joins: undefined });
  expect(ways("temporal-schema")).toEqual({ after: ["temporal-version"], bound, joins: undefined });
  expect(ways("temporal")).toEqual({ after: ["temporal-schema"], bound, joins: undefined });
  expect(ways("temporal-namespace")).toEqual({ after: ["temporal"], bound: none, joins: "temporal" });
  expect(ways("temporal-ui")).toEqual({ after: none, bound: none, joins: undefined });
  expect(system.workloads.find(({ name }) => name === "temporal-ui")?.reaches).toEqual([{ workload: "temporal", port: "grpc" }]);
});

test.each(["1.31", "1.32"])("version %s runs server and tools of that release", (version) => {
  const images = [...spec({ version }).workloads, ...spec({ version }).jobs].map(({ name, image }) => [name, "table" in image ? image.table : ""]);
  expect(Object.fromEntries(images)).toMatchObject({
    temporal: `temporal:${version}`,
    "temporal-schema": `temporal-admin-tools:${version}`,
    "temporal-namespace": `temporal-admin-tools:${version}`,
    "temporal-check": `temporal-admin-tools:${version}`,
    "temporal-version": "postgres:16",
  });
});

test("passwords stand in the environment alone: in no file, command or digest", () => {
  const system = spec();
  const seen = [...system.workloads, ...system.jobs].map(({ files, command, entrypoint }) => ({ files, command, entrypoint }));
  expect(JSON.stringify([seen, system.digest])).not.toContain("-secret");
});

test("each namespace is a connection, the first one the default", () => {
  const { connections } = spec();
  expect(Object.keys(connections)).toEqual(["namespace/guard", "namespace/audit", "metrics", "ui"]);
  expect(connections["namespace/guard"]).toEqual({ scheme: "temporal", workload: "temporal", port: "grpc", path: "/guard" });
});

test("the UI is a part of its own that can be left out, and is published by profile dev alone", () => {
  expect(spec().digest.published).toEqual(["grpc", "http"]);
  expect(spec({}, settingsOf({ profile: "prod" })).digest.published).toEqual([]);
  const without = spec({ ui: false });
  expect(without.workloads.map(({ name }) => name)).toEqual(["temporal"]);
  expect(without.jobs.map(({ name }) => name)).not.toContain("temporal-ui-check");
  expect(Object.keys(without.connections)).not.toContain("ui");
});

test("the dynamic configuration is a file that is always there", () => {
  const fileOf = (dynamicConfig?: object) => part(spec({ dynamicConfig }), "temporal")?.files[0];
  expect(fileOf()).toEqual({ path: "/etc/groundplan/dynamic-config.yaml", content: "{}\n" });
  const constrained = [{ value: 5, constraints: { namespace: "guard" } }, { value: 1 }];
  expect(fileOf({ "limit.maxIDLength": 255, "matching.rps": constrained })?.content).toBe(
    '"limit.maxIDLength": [{"value":255}]\n"matching.rps": [{"value":5,"constraints":{"namespace":"guard"}},{"value":1}]\n',
  );
});

describe("refused", () => {
  test.each([
    ["no databases", { database: undefined }, "database: required"],
    ["another kind of connection", { visibility: connectionTo("cache", { scheme: "redis" }) }, "visibility: the connection of a database's owner"],
    ["one database for both", { visibility: store("temporal") }, "visibility: another database than that of workflows"],
    ["no number of shards", { historyShards: undefined }, "historyShards: required"],
    ["no namespace", { namespaces: {} }, "namespaces: at least one namespace"],
    ["the server's own namespace", { namespaces: { "temporal-system": {} } }, "namespaces.temporal-system: the name must be"],
    ["an attribute that each workflow has", { namespaces: { guard: { searchAttributes: { RunId: "Keyword" } } } }, "not one of the server's own"],
    ["an attribute like the server's own", { namespaces: { guard: { searchAttributes: { TemporalMine: "Int" } } } }, "not one of the server's own"],
    ["an unknown type", { namespaces: { guard: { searchAttributes: { Repo: "keyword" } } } }, "did you mean Keyword?"],
    [
      "more attributes than columns",
      { namespaces: { guard: { searchAttributes: { A: "Int", B: "Int", C: "Int", D: "Int" } } } },
      "at most 3 search attributes of type Int",
    ],
    ["a key without a dot", { dynamicConfig: { maxIDLength: 1 } }, "the name must be a key of the dynamic configuration"],
    ["a version that is not built", { version: "1.30" }, "version: one of 1.31, 1.32"],
  ])("%s", (_what, over, problem) => {
    expect(problemsOf(over).filter((line) => line.includes(problem))).toHaveLength(1);
  });
});
