import { describe, expect, test } from "vitest";
import { onAws, temporalOnAws } from "../../../../components/temporal-server/aws/shape.ts";
import { connectionsOf, fewestConnections } from "../../../../components/temporal-server/roles/budget.ts";
import { replicasOf, roleNames } from "../../../../components/temporal-server/roles/roles.ts";
import { poolEnv } from "../../../../components/temporal-server/stores.ts";
import { profiles } from "../../../../src/config/profiles.ts";
import type { SystemSpec } from "../../../../src/core/system.ts";
import type { WorkloadSpec } from "../../../../src/core/workload.ts";
import { AwsContext } from "../../../../src/platforms/aws/context.ts";
import { groundSettings } from "../../../support/grounds.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";
import { connectionTo } from "../../connections.ts";

type Facts = { readonly maxConnections?: number };
const store = (database: string, { maxConnections }: Facts = {}, system = "db") => {
  const connection = connectionTo(system, { username: database, password: `${database}-secret`, database });
  return { ...connection, summary: { ...connection.summary, ...(maxConnections === undefined ? {} : { maxConnections }) } };
};
const args = { database: store("temporal"), visibility: store("visibility"), historyShards: 512, namespaces: { guard: {} } };
const settings = (profile: string) => settingsOf({ target: "aws", profile, ...groundSettings.aws });

function contextOf(profile: string): AwsContext {
  const told = settings(profile);
  if (!told.aws) throw new Error("no settings of AWS");
  return new AwsContext(told, told.aws, ".", undefined as never, undefined as never);
}

const declared = (profile: string, over: object = {}) => soundSpec("TemporalServer", "temporal", { ...args, ...over }, settings(profile));
const shaped = (profile: string, over: object = {}): SystemSpec => {
  const spec = declared(profile, over);
  return temporalOnAws.shape?.(spec, contextOf(profile)) ?? spec;
};
const problems = (profile: string, over: object = {}) => temporalOnAws.problems?.(shaped(profile, over), contextOf(profile)) ?? [];

function part(spec: SystemSpec, name: string): WorkloadSpec {
  const found = spec.workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
}

const roleParts = ["temporal", "temporal-history", "temporal-matching", "temporal-worker"];

test("in dev it is one server, whose client port alone has a proxy before it", () => {
  const spec = shaped("dev");
  expect(spec.workloads.map(({ name, replicas }) => [name, replicas])).toEqual([
    ["temporal", 1],
    ["temporal-ui", 1],
  ]);
  expect(part(spec, "temporal")).toMatchObject({ offers: ["grpc"], env: { TEMPORAL_BROADCAST_ADDRESS: "127.0.0.1", SQL_MAX_CONNS: "10" } });
  expect(part(spec, "temporal")).not.toHaveProperty("addressEnv");
  expect(spec.digest).toEqual(declared("dev").digest);
});

describe.each([
  ["staging", [2, 2, 2, 1, 2]],
  ["prod", [3, 3, 3, 2, 2]],
] as const)("in %s", (profile, replicas) => {
  const spec = shaped(profile);

  test("each role is a workload that is told its own address", () => {
    expect(spec.workloads.map((workload) => workload.name)).toEqual([...roleParts, "temporal-ui"]);
    expect(spec.workloads.map((workload) => workload.replicas)).toEqual(replicas);
    for (const name of roleParts) {
      expect(part(spec, name)).toMatchObject({ addressEnv: "TEMPORAL_BROADCAST_ADDRESS", command: ["/etc/temporal/entrypoint.sh"] });
      expect(part(spec, name).env).not.toHaveProperty("TEMPORAL_BROADCAST_ADDRESS");
    }
  });

  test("the frontend offers its client port, the others nothing, and the UI what it has", () => {
    expect(spec.workloads.map(({ offers }) => offers)).toEqual([["grpc"], [], [], [], undefined]);
  });

  test("who stops has more time than handing over takes, and less than ECS gives", () => {
    for (const name of roleParts) {
      expect(part(spec, name).stopSeconds).toBeGreaterThan(13);
      expect(part(spec, name).stopSeconds).toBeLessThanOrEqual(120);
    }
  });

  test("frontends are there before the others race them for the first record, and the worker after all", () => {
    expect(roleParts.map((name) => part(spec, name).after)).toEqual([
      ["temporal-schema"],
      ["temporal-schema", "temporal"],
      ["temporal-schema", "temporal"],
      ["temporal-schema", "temporal", "temporal-history", "temporal-matching"],
    ]);
  });

  test("what has no proxy finds the frontend by its name in the private zone", () => {
    const host = "temporal.groundplan-dev.internal";
    expect(part(spec, "temporal-worker").env).toMatchObject({ CLUSTER_RPC_ADDRESS: `${host}:7233`, CLUSTER_HTTP_ADDRESS: `${host}:7243` });
    const asked = spec.jobs.flatMap(({ name, env }) => ("TEMPORAL_ADDRESS" in env ? [[name, env.TEMPORAL_ADDRESS]] : []));
    expect(asked).toEqual([
      ["temporal-namespace", `passthrough:///${host}:7233`],
      ["temporal-check", `passthrough:///${host}:7233`],
    ]);
    expect(part(spec, "temporal-ui").env.TEMPORAL_ADDRESS).toBe("passthrough:///temporal:7233");
  });
});

describe("connections to the databases", () => {
  const extremes = [profiles.staging, profiles.prod, { ...profiles.prod, serviceReplicas: 1 }, { ...profiles.prod, serviceReplicas: 50 }];

  test.each(extremes)("stay within the limit with all roles twice, old and new tasks, with $serviceReplicas of a service", (profile) => {
    const fewest = fewestConnections(profile, onAws);
    for (const maxConnections of [fewest, fewest + 1, 2 * fewest - 1, 1000 + fewest]) {
      const all = roleNames.map((role) => {
        const { SQL_MAX_CONNS: main, SQL_VIS_MAX_CONNS: visibility } = poolEnv(connectionsOf(role, maxConnections, profile, onAws));
        expect(Math.min(Number(main), Number(visibility))).toBeGreaterThan(0);
        return 2 * replicasOf(role, profile) * (Number(main) + Number(visibility));
      });
      expect(all.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(maxConnections);
    }
  });

  test("are twice as many as elsewhere unless somebody says how many", () => {
    const pools = (over: object) => part(shaped("prod", over), "temporal-history").env;
    expect(pools({})).toMatchObject({ SQL_MAX_CONNS: "6", SQL_VIS_MAX_CONNS: "2" });
    expect(pools({ maxConnections: 120 })).toMatchObject({ SQL_MAX_CONNS: "6", SQL_VIS_MAX_CONNS: "2" });
    expect(pools({ maxConnections: 60 })).toMatchObject({ SQL_MAX_CONNS: "3", SQL_VIS_MAX_CONNS: "1" });
  });

  test("too few are told, with the number that is enough", () => {
    expect(problems("prod", { maxConnections: 55 })).toEqual([
      {
        component: "temporal",
        path: "maxConnections",
        value: 55,
        rule: "at least 56 where the roles run apart: each replica needs one to each database, also while others are replaced",
        fix: "write 56 or more, or leave it out",
      },
    ]);
    expect(problems("prod", { maxConnections: 56 })).toEqual([]);
    expect(problems("dev", { maxConnections: 16 })).toEqual([]);
  });

  test("more than the server takes are told, also when nobody said how many", () => {
    const on = (maxConnections: number) => ({ database: store("temporal", { maxConnections }), visibility: store("visibility", { maxConnections }) });
    const [problem, ...rest] = problems("prod", { ...on(112), maxConnections: 113 });
    expect(problem).toEqual({
      component: "temporal",
      path: "maxConnections",
      value: 113,
      rule: "at most what db takes: about 112 connections at once, by its maxConnections or the class of its instance",
      fix: "write fewer, or give db a larger aws.instanceClass",
    });
    expect(rest).toEqual([]);
    expect(problems("prod", { ...on(112), maxConnections: 112 })).toEqual([]);
    expect(problems("prod", on(112)).map(({ value }) => value)).toEqual([120]);
    expect(problems("dev", on(60))).toEqual([]);
    expect(problems("dev", on(59)).map(({ value }) => value)).toEqual([60]);
  });

  test("of two servers each takes its part", () => {
    const two = (database: number, visibility: number) => ({
      database: store("temporal", { maxConnections: database }),
      visibility: store("visibility", { maxConnections: visibility }, "lists"),
    });
    expect(problems("prod", { ...two(90, 60), maxConnections: 120 })).toEqual([]);
    expect(problems("prod", { ...two(89, 59), maxConnections: 120 }).map(({ rule }) => rule)).toEqual([
      expect.stringContaining("what db takes: about 89"),
      expect.stringContaining("what lists takes: about 59"),
    ]);
  });
});
