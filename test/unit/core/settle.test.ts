import { describe, expect, test } from "vitest";
import { anything, integer, type Rules } from "../../../src/core/checks.ts";
import { settleArgs, strayOverrides, withOrigins } from "../../../src/core/settle.ts";
import { settingsOf, type Variables } from "../../support/settings.ts";

interface Args {
  readonly memoryMiB?: number;
  readonly replicas?: number;
  readonly streams?: Readonly<Record<string, { readonly subjects?: readonly string[]; readonly maxAgeHours?: number }>>;
  readonly handle?: object;
}
const rules: Rules<Args> = { memoryMiB: integer(1, 10_000), replicas: integer(1, 10), streams: anything, handle: anything };

const settle = (args: Args, components: Record<string, object> = {}, environment: Variables = {}, name = "order-bus") =>
  settleArgs(settingsOf({ components }, environment), name, args, rules);

describe("precedence", () => {
  const topology: Args = { memoryMiB: 100, streams: { ORDERS: { subjects: ["a", "b"], maxAgeHours: 1 } } };
  const file = { "order-bus": { memoryMiB: 200, replicas: 2, streams: { ORDERS: { subjects: ["c"] }, MAIL: { subjects: ["mail"] } } } };
  const environment = { GROUNDPLAN_COMPONENTS__ORDER_BUS__MEMORY_MIB: "300", GROUNDPLAN_COMPONENTS__ORDERBUS__STREAMS__ORDERS__MAXAGEHOURS: "9" };

  test("the topology alone has no origins: its code is where the reader is", () => {
    expect(settle(topology)).toMatchObject({ args: topology, origins: {}, problems: [], profile: { name: "dev" } });
  });

  test("the stack file over the topology: maps join, lists are replaced", () => {
    const { args, origins } = settle(topology, file);
    expect(args).toEqual({ memoryMiB: 200, replicas: 2, streams: { ORDERS: { subjects: ["c"], maxAgeHours: 1 }, MAIL: { subjects: ["mail"] } } });
    expect(origins).toEqual({
      memoryMiB: "Pulumi.dev.yaml components.order-bus.memoryMiB",
      replicas: "Pulumi.dev.yaml components.order-bus.replicas",
      streams: "Pulumi.dev.yaml components.order-bus.streams",
    });
  });

  test("null takes away what the topology says, a whole argument or one entry; the component's default is back", () => {
    const without = settle(topology, { "order-bus": { memoryMiB: null, streams: { ORDERS: { maxAgeHours: null } } } });
    expect(without.args).toEqual({ streams: { ORDERS: { subjects: ["a", "b"] } } });
    expect(without.problems).toEqual([]);
    expect(settle(topology, { "order-bus": { streams: { ORDERS: null } } }).args.streams).toEqual({});
  });

  test("the environment over both, down to one entry, in any writing of the names", () => {
    const { args, origins } = settle(topology, file, environment);
    expect(args.memoryMiB).toBe(300);
    expect(args.streams?.ORDERS).toEqual({ subjects: ["c"], maxAgeHours: 9 });
    expect(args.replicas).toBe(2);
    expect(origins.memoryMiB).toBe("environment GROUNDPLAN_COMPONENTS__ORDER_BUS__MEMORY_MIB");
    expect(origins["streams.ORDERS.maxAgeHours"]).toBe("environment GROUNDPLAN_COMPONENTS__ORDERBUS__STREAMS__ORDERS__MAXAGEHOURS");
    expect(origins.streams).toMatch(/^Pulumi\.dev\.yaml/);
  });

  test("a new argument below another is spelled as arguments are, a variable of a service as it is", () => {
    const streams = { GROUNDPLAN_COMPONENTS__ORDER_BUS__STREAMS__ORDERS__DUPLICATE_WINDOW_SECONDS: "5" };
    expect(settle(topology, {}, streams).args.streams?.ORDERS).toMatchObject({ duplicateWindowSeconds: 5 });
    const env = settleArgs(settingsOf({}, { GROUNDPLAN_COMPONENTS__API__ENV__LOG_LEVEL: "debug" }), "api", {}, { env: anything });
    expect(env.args).toEqual({ env: { LOG_LEVEL: "debug" } });
  });

  test("neither the arguments of the topology nor the settings are changed on the way", () => {
    const before = structuredClone(topology);
    settle(topology, file, environment);
    expect(topology).toEqual(before);
  });

  test("other components are left alone", () => {
    expect(settle({ memoryMiB: 1 }, { bus: { memoryMiB: 2 } }, { GROUNDPLAN_COMPONENTS__BUS__MEMORY_MIB: "3" }).args).toEqual({ memoryMiB: 1 });
  });

  test("objects with a class of their own are passed on, not taken apart", () => {
    class Handle {
      readonly secret = 1;
    }
    const handle = new Handle();
    expect(settle({ handle }, { "order-bus": { memoryMiB: 2 } }).args.handle).toBe(handle);
  });
});

test("a wrong value is reported with the place where it was written", () => {
  const { problems } = settle({ replicas: 0 }, { "order-bus": { memoryMiB: "lots" } }, { GROUNDPLAN_COMPONENTS__ORDER_BUS__SIZE: "1" });
  expect(problems.map(({ path, origin }) => [path, origin])).toEqual([
    ["size", "environment GROUNDPLAN_COMPONENTS__ORDER_BUS__SIZE"],
    ["memoryMiB", "Pulumi.dev.yaml components.order-bus.memoryMiB"],
    ["replicas", undefined],
  ]);
});

test("a problem that only a target finds has the place where the value was written, too", () => {
  const settings = settingsOf(
    { components: { "order-bus": { streams: {}, memoryMiB: 1 } } },
    { GROUNDPLAN_COMPONENTS__ORDERBUS__STREAMS__ORDERS__MAX_AGE: "1", GROUNDPLAN_COMPONENTS__OTHER__REPLICAS: "1" },
  );
  const at = (path: string, more: object = {}) =>
    withOrigins(settings, "order-bus", [{ component: "order-bus", path, value: 1, rule: "", fix: "", ...more }])[0]?.origin;
  expect(at("streams.ORDERS.maxAge[0]")).toBe("environment GROUNDPLAN_COMPONENTS__ORDERBUS__STREAMS__ORDERS__MAX_AGE");
  expect(at("streams.OTHER.maxAge")).toBe("Pulumi.dev.yaml components.order-bus.streams");
  expect(at("memoryMiB")).toBe("Pulumi.dev.yaml components.order-bus.memoryMiB");
  expect([at("replicas"), at("memory"), at("memoryMiB", { component: "stack" })]).toEqual([undefined, undefined, undefined]);
  expect(at("memoryMiB", { origin: "elsewhere" })).toBe("elsewhere");
});

test("overrides of components that are there are no strays, in any writing", () => {
  const settings = settingsOf(
    { components: { "order-bus": {}, db: {} } },
    { GROUNDPLAN_COMPONENTS__ORDER_BUS__X: "1", GROUNDPLAN_COMPONENTS__ORDERBUS__Y: "1" },
  );
  expect(strayOverrides(settings, ["order-bus", "db"])).toEqual([]);
  expect(strayOverrides(settings, ["order-bus"]).map(({ path }) => path)).toEqual(["components.db"]);
  expect(strayOverrides(settings, [])[0]?.fix).toContain("the topology has no components");
});
