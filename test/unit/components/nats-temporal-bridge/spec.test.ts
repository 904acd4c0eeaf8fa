import { describe, expect, test } from "vitest";
import type { BridgeConfig } from "../../../../components/nats-temporal-bridge/contract.ts";
import { configProblems } from "../../../../components/nats-temporal-bridge/service/config.ts";
import { observedBridge } from "../../../../components/nats-temporal-bridge/spec.ts";
import { settingsOf, soundSpec, specs } from "../../../support/settings.ts";
import { connectionTo, resolved } from "../../connections.ts";

const nats = connectionTo("bus", { scheme: "nats", username: "app", password: "hunter2" });
const temporal = connectionTo("temporal", { scheme: "temporal", path: "/guard" });
const push = { subject: "gh.push", workflow: "HandlePush", taskQueue: "codex" };
const sound = { nats, temporal, stream: "GH", consumer: "CODEX", routes: [push] };

const specOf = (args: object = {}, settings = settingsOf()) => soundSpec("NatsTemporalBridge", "trigger", { ...sound, ...args }, settings);
const problemsOf = (args: object) => specs.NatsTemporalBridge("trigger", { ...sound, ...args }).problems;
const configOf = (args: object = {}) => JSON.parse(String(specOf(args).workloads[0]?.files[0]?.content)) as BridgeConfig;

describe("what the program is told", () => {
  test("stream, consumer and routes by a file that it accepts and that holds no secret", () => {
    const config = configOf({ maxDeliver: 7, maxInFlight: 20, routes: [{ ...push, id: "push-{id}", executionTimeoutSeconds: 60 }] });
    expect(configProblems(config)).toEqual([]);
    expect(config).toMatchObject({ stream: "GH", consumer: "CODEX", maxDeliver: 7, maxInFlight: 20, verifySubject: "gh.groundplan-verify" });
    expect(config.routes).toEqual([
      {
        subject: "gh.groundplan-verify",
        workflow: "GroundplanVerify",
        taskQueue: "groundplan-verify",
        id: "{id}",
        executionTimeoutSeconds: 120,
        json: true,
      },
      { ...push, id: "push-{id}", executionTimeoutSeconds: 60, json: true },
    ]);
    expect(JSON.stringify(specOf().workloads[0]?.files)).not.toContain("hunter2");
  });

  test("both ends by variables, the namespace from the connection", async () => {
    const { env } = specOf().workloads[0] ?? { env: {} };
    expect(env).toMatchObject({ NATS_URL: nats.uri, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: "guard" });
    expect(await resolved(temporal.address)).toBe("temporal:5432");
    expect(env).not.toHaveProperty("OTEL_SERVICE_NAME");
  });

  test("where spans go by what the connection says, under its own name", () => {
    const telemetry = { ...connectionTo("telemetry", { scheme: "http" }), env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://telemetry:4318" } };
    const [server] = specOf({ telemetry }).workloads;
    expect(server?.env).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://telemetry:4318", OTEL_SERVICE_NAME: "trigger" });
    expect(server?.env).not.toHaveProperty("TELEMETRY_URL");
    expect(server?.bindings.map(({ key }) => key)).toEqual(["NATS", "TEMPORAL", "TELEMETRY"]);
  });
});

test("verify runs the program itself, with the paths that it needs and no others", () => {
  const [check] = specOf().jobs;
  expect(check).toMatchObject({ when: "verify", entrypoint: ["node", "/app/bridge.mjs", "check"], after: ["trigger"] });
  expect(check?.bindings?.map(({ to }) => to.system)).toEqual(["bus", "temporal"]);
  expect(check?.joins).toBeUndefined();
});

test("it is sized by the profile, or by its arguments", () => {
  const prod = settingsOf({ profile: "prod" });
  expect(specOf({}, prod).workloads[0]).toMatchObject({ replicas: 3, resources: { memoryMiB: 1024, cpus: 1 } });
  expect(specOf({ replicas: 2, memoryMiB: 200, cpus: 0.2, stopSeconds: 60 }, prod).workloads[0]).toMatchObject({
    replicas: 2,
    resources: { memoryMiB: 200, cpus: 0.2 },
    stopSeconds: 60,
    env: { NODE_OPTIONS: "--max-old-space-size=150" },
  });
});

test("it tells what there is to watch", () => {
  const from = connectionTo("trigger", { scheme: "http" });
  const routes = [push, { ...push, subject: "gh.pull" }, { ...push, subject: "gh.tag", workflow: "HandleTag" }];
  expect(observedBridge(specOf({ routes, replicas: 2 }), from)).toEqual({
    kind: "NatsTemporalBridge",
    name: "trigger",
    replicas: 2,
    metrics: { from, path: "/metrics" },
    facts: { consumers: ["GH/CODEX"], streams: ["GH"], deadLetters: ["DLQ"], workflows: ["HandlePush", "HandleTag"] },
  });
});

describe("wrong arguments", () => {
  test.each([
    [{ routes: [] }, "routes"],
    [{ routes: [{ ...push, subject: "gh..push" }] }, "routes[0].subject"],
    [{ routes: [{ ...push, subject: "gh.>.push" }] }, "routes[0].subject"],
    [{ routes: [{ ...push, subject: "$JS.API.>" }] }, "routes[0].subject"],
    [{ routes: [{ ...push, subject: "dlq.GH.>" }] }, "routes[0].subject"],
    [{ routes: [{ ...push, workflow: "" }] }, "routes[0].workflow"],
    [{ routes: [{ ...push, taskQueue: "a\nb" }] }, "routes[0].taskQueue"],
    [{ routes: [{ ...push, id: "push" }] }, "routes[0].id"],
    [{ routes: [{ ...push, id: "{subject}" }] }, "routes[0].id"],
    [{ routes: [{ ...push, id: "{id}-{delivery}" }] }, "routes[0].id"],
    [{ routes: [{ ...push, id: "{id" }] }, "routes[0].id"],
    [{ routes: [{ ...push, ids: "{id}" }] }, "routes[0].ids"],
    [{ stream: "G H" }, "stream"],
    [{ consumer: "a.b" }, "consumer"],
    [{ nats: temporal }, "nats"],
    [{ temporal: nats }, "temporal"],
    [{ temporal: "temporal:7233" }, "temporal"],
    [{ nats: undefined }, "nats"],
    [{ maxDeliver: 0 }, "maxDeliver"],
    [{ maxInFlight: 0 }, "maxInFlight"],
    [{ stopSeconds: 1 }, "stopSeconds"],
  ])("%# are told by their path: %j", (args, path) => expect(problemsOf(args).map((problem) => problem.path)).toEqual([path]));

  test.each([
    [["gh.>", "gh.push"], "routes[1].subject"],
    [["gh.*", "gh.push", "gh.a.b"], "routes[1].subject"],
    [["gh.push", "gh.push"], "routes[1].subject"],
    [[">", "gh.>"], "routes[1].subject"],
    [["gh.*.a", "gh.*.*", "gh.b.*"], "routes[2].subject"],
    [["gh.push", "gh.groundplan-verify"], "routes[1].subject"],
  ])("a route that can never match is one: %j", (subjects, path) => {
    const routes = subjects.map((subject) => ({ ...push, subject }));
    expect(problemsOf({ routes }).map((problem) => problem.path)).toEqual([path]);
  });

  test("narrow before wide is right, and so is what only overlaps", () => {
    for (const subjects of [
      ["gh.push", "gh.*", "gh.>"],
      ["gh.*.a", "gh.b.*"],
      ["gh.a.>", "gh.*"],
    ]) {
      expect(problemsOf({ routes: subjects.map((subject) => ({ ...push, subject })) })).toEqual([]);
    }
  });
});
