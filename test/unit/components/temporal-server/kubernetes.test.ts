import { describe, expect, test } from "vitest";
import { onKubernetes, temporalOnKubernetes } from "../../../../components/temporal-server/kubernetes/shape.ts";
import { connectionsOf, fewestConnections } from "../../../../components/temporal-server/roles/budget.ts";
import { replicasOf, roleNames } from "../../../../components/temporal-server/roles/roles.ts";
import { poolEnv } from "../../../../components/temporal-server/stores.ts";
import { profiles } from "../../../../src/config/profiles.ts";
import type { SystemSpec } from "../../../../src/core/system.ts";
import type { WorkloadSpec } from "../../../../src/core/workload.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";
import { connectionTo, resolved } from "../../connections.ts";

const store = (database: string) => connectionTo("db", { username: database, password: `${database}-secret`, database });
const args = { database: store("temporal"), visibility: store("visibility"), historyShards: 512, namespaces: { guard: {} } };
const cluster = { context: "c", storageClass: "fast" };
const settings = (profile: string) => settingsOf({ target: "kubernetes", profile, kubernetes: cluster });

function shaped(profile: string, over: object = {}): SystemSpec {
  const spec = soundSpec("TemporalServer", "temporal", { ...args, ...over }, settings(profile));
  return temporalOnKubernetes.shape?.(spec, settings(profile)) ?? spec;
}

function part(spec: SystemSpec, name: string): WorkloadSpec {
  const found = spec.workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
}

async function envOf({ env }: WorkloadSpec): Promise<Record<string, string>> {
  const values = Object.entries(env).map(async ([name, value]) => [name, typeof value === "string" ? value : await resolved(value as never)]);
  return Object.fromEntries(await Promise.all(values));
}

const numbers = ({ ports }: WorkloadSpec) => Object.fromEntries(Object.entries(ports).map(([name, { port }]) => [name, port]));

test("in dev it is the one server that it is everywhere", () => {
  const spec = soundSpec("TemporalServer", "temporal", args, settings("dev"));
  expect(temporalOnKubernetes.shape?.(spec, settings("dev"))).toBe(spec);
  expect(temporalOnKubernetes.problems?.(soundSpec("TemporalServer", "temporal", { ...args, maxConnections: 16 }), settings("dev"))).toEqual([]);
});

describe("in prod", () => {
  const spec = shaped("prod");

  test("each role is a workload, the frontend under the name of the component", () => {
    expect(spec.workloads.map(({ name, replicas, resources }) => [name, replicas, resources])).toEqual([
      ["temporal", 3, { memoryMiB: 2048, cpus: 1 }],
      ["temporal-history", 3, { memoryMiB: 4096, cpus: 2 }],
      ["temporal-matching", 3, { memoryMiB: 2048, cpus: 1 }],
      ["temporal-worker", 2, { memoryMiB: 2048, cpus: 1 }],
      ["temporal-ui", 2, { memoryMiB: 128, cpus: 0.5 }],
    ]);
  });

  const common = {
    ...{ DB: "postgres12", POSTGRES_SEEDS: "db", DB_PORT: "5432", POSTGRES_USER: "temporal", POSTGRES_PWD: "temporal-secret", DBNAME: "temporal" },
    ...{ VISIBILITY_POSTGRES_SEEDS: "db", VISIBILITY_DB_PORT: "5432", VISIBILITY_POSTGRES_USER: "visibility" },
    ...{ VISIBILITY_POSTGRES_PWD: "visibility-secret", VISIBILITY_DBNAME: "visibility" },
    ...{ NUM_HISTORY_SHARDS: "512", BIND_ON_IP: "0.0.0.0", PROMETHEUS_ENDPOINT: "0.0.0.0:9090", LOG_LEVEL: "info" },
    DYNAMIC_CONFIG_FILE_PATH: "/etc/groundplan/dynamic-config.yaml",
    // The same for all replicas, or each would write its own over that of another.
    ...{ CLUSTER_RPC_ADDRESS: "temporal:7233", CLUSTER_HTTP_ADDRESS: "temporal:7243" },
  };
  const small = { SQL_MAX_CONNS: "2", SQL_MAX_IDLE_CONNS: "2", SQL_VIS_MAX_CONNS: "1", SQL_VIS_MAX_IDLE_CONNS: "1" };
  const large = { SQL_MAX_CONNS: "4", SQL_MAX_IDLE_CONNS: "4", SQL_VIS_MAX_CONNS: "2", SQL_VIS_MAX_IDLE_CONNS: "2" };

  test.each([
    ["temporal", "frontend", "1843MiB", small],
    ["temporal-history", "history", "3686MiB", large],
    ["temporal-matching", "matching", "1843MiB", small],
    ["temporal-worker", "worker", "1843MiB", small],
  ])("%s is told that it is %s, and the address of its pod by the cluster alone", async (name, role, memory, pools) => {
    expect(await envOf(part(spec, name))).toEqual({ ...common, ...pools, TEMPORAL_SERVICES: role, GOMEMLIMIT: memory });
    expect(part(spec, name).addressEnv).toBe("TEMPORAL_BROADCAST_ADDRESS");
  });

  test("every port that a role listens on is declared, those of the ring too, and none is published", () => {
    expect(numbers(part(spec, "temporal"))).toEqual({ grpc: 7233, http: 7243, membership: 6933, metrics: 9090 });
    expect(numbers(part(spec, "temporal-history"))).toEqual({ grpc: 7234, membership: 6934, metrics: 9090 });
    expect(numbers(part(spec, "temporal-matching"))).toEqual({ grpc: 7235, membership: 6935, metrics: 9090 });
    expect(numbers(part(spec, "temporal-worker"))).toEqual({ grpc: 7239, membership: 6939, metrics: 9090 });
    expect(spec.digest.published).toEqual([]);
  });

  test("the summary tells of the roles: their probes, and whom each of them calls", () => {
    const ring = ["temporal:6933", "temporal-history:6934", "temporal-matching:6935", "temporal-worker:6939"];
    const [frontend, history, matching] = ["temporal:7233", "temporal-history:7234", "temporal-matching:7235"];
    const ways = (...own: (string | undefined)[]) => [...ring, "db:5432", ...own].toSorted();
    const { replicas, probes, reaches } = spec.digest;
    expect(replicas).toBe(3);
    expect(probes).toEqual({
      temporal: "tcp connect on grpc",
      "temporal-history": "tcp connect on grpc",
      "temporal-matching": "tcp connect on grpc",
      "temporal-worker": "tcp connect on grpc",
      "temporal-ui": "http GET /healthz on http",
    });
    expect(Object.fromEntries(Object.entries(reaches).map(([from, to]) => [from, to.toSorted()]))).toEqual({
      temporal: ways(frontend, history, matching),
      "temporal-history": ways(frontend, "temporal:7243", history, matching),
      "temporal-matching": ways(history, matching),
      "temporal-worker": ways(frontend, history, matching),
      "temporal-ui": ["temporal:7233"],
    });
  });

  test("roles come after the schema, the worker after those that it works with, and the namespaces after all", () => {
    const roles = ["temporal", "temporal-history", "temporal-matching", "temporal-worker"];
    for (const name of roles.slice(0, 3)) expect(part(spec, name).after).toEqual(["temporal-schema"]);
    expect(part(spec, "temporal-worker").after).toEqual(["temporal-schema", ...roles.slice(0, 3)]);
    const job = (name: string) => spec.jobs.find((step) => step.name === name);
    expect(job("temporal-schema")?.after).toEqual(["temporal-version"]);
    expect(job("temporal-namespace")?.after).toEqual(roles);
    expect(job("temporal-check")?.after).toEqual([...roles, "temporal-namespace"]);
    // One port, where the network of the server would be all of them.
    for (const name of ["temporal-namespace", "temporal-check"]) {
      expect(job(name)?.reaches).toEqual([{ workload: "temporal", port: "grpc" }]);
      expect(job(name)).not.toHaveProperty("joins");
    }
    expect(job("temporal-ui-check")?.joins).toBe("temporal-ui");
  });

  test("connections stay what they were, and each role has its figures", () => {
    const before = soundSpec("TemporalServer", "temporal", args, settings("prod")).connections;
    expect(spec.connections).toEqual({
      ...before,
      "metrics/history": { scheme: "http", workload: "temporal-history", port: "metrics" },
      "metrics/matching": { scheme: "http", workload: "temporal-matching", port: "metrics" },
      "metrics/worker": { scheme: "http", workload: "temporal-worker", port: "metrics" },
    });
  });

  test("roles leave in order, within their stop time, unless the topology says otherwise", () => {
    const file = (over: object) => String(part(shaped("prod", over), "temporal-history").files[0]?.content);
    expect(file({})).toContain('"history.shutdownDrainDuration": [{"value":"3s"}]\n');
    const own = file({ dynamicConfig: { "history.shutdownDrainDuration": "20s", "limit.maxIDLength": 200 } });
    expect(own).toContain('"history.shutdownDrainDuration": [{"value":"20s"}]\n');
    expect(own).toContain('"limit.maxIDLength": [{"value":200}]\n');
    expect(own.match(/shutdownDrainDuration/g)).toHaveLength(3);
    expect(part(spec, "temporal").stopSeconds).toBeGreaterThan(13);
  });

  test("a small server stays large enough for a role", () => {
    const memory = shaped("staging", { memoryMiB: 300 }).workloads.map(({ resources }) => resources.memoryMiB);
    expect(memory.slice(0, 4)).toEqual([256, 300, 256, 256]);
  });
});

describe("connections to the databases", () => {
  const extremes = [profiles.staging, profiles.prod, { ...profiles.prod, serviceReplicas: 1 }, { ...profiles.prod, serviceReplicas: 50 }];

  test.each(extremes)(
    "of all replicas together stay within the limit while each role is rolled out, with $serviceReplicas of a service",
    (profile) => {
      const fewest = fewestConnections(profile, onKubernetes);
      for (const maxConnections of [fewest, fewest + 1, 2 * fewest - 1, 1000 + fewest]) {
        const all = roleNames.map((role) => {
          const { SQL_MAX_CONNS: main, SQL_VIS_MAX_CONNS: visibility } = poolEnv(connectionsOf(role, maxConnections, profile, onKubernetes));
          expect(Math.min(Number(main), Number(visibility))).toBeGreaterThan(0);
          const replicas = replicasOf(role, profile);
          return (replicas + Math.ceil(replicas / 4)) * (Number(main) + Number(visibility));
        });
        expect(all.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(maxConnections);
      }
    },
  );

  test("too few of them are told, with the number that is enough; the usual number is", () => {
    const problems = (over: object) =>
      temporalOnKubernetes.problems?.(soundSpec("TemporalServer", "temporal", { ...args, ...over }, settings("prod")), settings("prod"));
    expect(problems({ maxConnections: 37 })).toEqual([
      {
        component: "temporal",
        path: "maxConnections",
        value: 37,
        rule: "at least 38 where the roles run apart: each replica needs one to each database, also while others are replaced",
        fix: "write 38 or more, or leave it out",
      },
    ]);
    expect(problems({ maxConnections: 38 })).toEqual([]);
    expect(problems({})).toEqual([]);
  });
});
