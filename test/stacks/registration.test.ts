import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Plan, shownPlan } from "../../src/preview/plan.ts";
import { recorded, repository } from "../support/recorded.ts";
import { recordedTopology } from "../support/recorded-topology.ts";

const folder = mkdtempSync(join(tmpdir(), "groundplan-traces-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes down what the limit of stack traces is when the SDK registers a resource, and what it asks its monitor. */
const hook = join(folder, "hook.cjs");
writeFileSync(
  hook,
  `if (process.env.REGISTERED_FILE) {
  const sdk = require("node:module").createRequire(${JSON.stringify(join(repository, "package.json"))});
  const resource = sdk("@pulumi/pulumi/runtime/resource.js");
  const { registerResource } = resource;
  const seen = [];
  resource.registerResource = (made, parent, type, name, custom, ...rest) => {
    seen.push({ type, name, custom, limit: Error.stackTraceLimit });
    return registerResource(made, parent, type, name, custom, ...rest);
  };
  const calls = {};
  const { prototype } = sdk("@pulumi/pulumi/proto/resource_grpc_pb.js").ResourceMonitorClient;
  for (const [method, sent] of Object.entries(prototype)) {
    if (typeof sent !== "function" || !sent.path) continue;
    // What replaces it later is counted, too.
    let call = sent;
    const counted = function (...args) {
      calls[method] = (calls[method] ?? 0) + 1;
      return call.apply(this, args);
    };
    Object.defineProperty(prototype, method, { get: () => Object.assign(counted, sent), set: (other) => void (call = other), enumerable: true });
  }
  process.on("exit", () => require("node:fs").writeFileSync(process.env.REGISTERED_FILE, JSON.stringify({ seen, calls })));
}
`,
);

interface Registered {
  readonly seen: readonly { readonly type: string; readonly name: string; readonly custom: boolean; readonly limit: number }[];
  /** How often each method of the monitor was called. */
  readonly calls: Readonly<Record<string, number>>;
}

/** What is registered in an environment of this repository, with the limit at that moment. */
async function registered(env: string, environment: Readonly<Record<string, string>> = {}) {
  const file = join(folder, `${env}.json`);
  const { config } = parse(readFileSync(join(repository, `Pulumi.${env}.yaml`), "utf8")) as { config: Record<string, Record<string, unknown>> };
  const plan = await recorded({
    stack: env,
    settings: config["groundplan:stack"] ?? {},
    environment: { NODE_OPTIONS: `--require=${hook}`, REGISTERED_FILE: file, ...environment },
  });
  return { plan, ...(JSON.parse(readFileSync(file, "utf8")) as Registered) };
}

/** As Node has it when nobody changes it. */
const usual = 10;

describe("no resource of an SDK takes stack traces, and none is asked for twice, on any ground", () => {
  test.each(["dev", "prod", "prod-aws"])("%s", async (env) => {
    const { plan, seen, calls } = await registered(env);
    expect(seen).toHaveLength(plan.resources.length);
    const custom = seen.filter((resource) => resource.custom);
    expect(custom.length).toBeGreaterThan(100);
    expect(custom.filter(({ limit }) => limit !== 0)).toEqual([]);
    // One call for a resource, a second one for what is made of others, and none that asks for what is there.
    const { supportsFeature = 0, getDeploymentInfo = 0, ...others } = calls;
    const components = seen.length - custom.length;
    expect(others).toEqual({ registerResource: seen.length, registerResourceOutputs: components, signalAndWaitForShutdown: 1 });
    expect(supportsFeature + getDeploymentInfo, "questions about the engine, once").toBeLessThan(20);
  });

  test.each(["starter-dev", "dev", "prod", "prod-aws"])(
    "with GROUNDPLAN_STACK_TRACES=1 all do, the monitor is behind a connection, and the plan is the same: %s",
    async (env) => {
      const quiet = await registered(env);
      const traced = await registered(env, { GROUNDPLAN_STACK_TRACES: "1" });
      expect(traced.seen.filter(({ limit }) => limit !== usual)).toEqual([]);
      // Text, so that the order of keys is the same as well; each is recorded in a folder of its own.
      const text = (plan: Plan) => JSON.stringify(shownPlan(plan), undefined, 1).replaceAll(/groundplan-recorded-\w+/g, "");
      expect(text(traced.plan)).toBe(text(quiet.plan));
    },
  );
});

test("what the user wrote runs with whole stack traces: topology, variables of a binding, apply", async () => {
  const plan = await recordedTopology(
    `const seen = [Error.stackTraceLimit];
    const look = (value) => (seen.push(Error.stackTraceLimit), value);
    const db = new PostgresDb("db", { platform, databases: { app: {} } });
    new AppService("api", { platform, ports: { http: 8000 }, health: http("/health"), bindings: { DATABASE: bind(db.databases.app, { PGHOST: (c) => c.host.apply(look) }), SAME: bind(db.databases.app, { SAME: (c) => look(c.host) }) } });
    look();
    return { seen: db.databases.app.uri.apply(look).apply(() => seen) };`,
    { target: "docker", profile: "dev" },
  );
  expect(plan.outputs.seen).toEqual([usual, usual, usual, usual, usual]);
});
