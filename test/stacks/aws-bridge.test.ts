import { beforeAll, describe, expect, test } from "vitest";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { describeAwsPlan } from "../support/aws/plan-rules.ts";
import { tracedRules } from "../support/aws/rules.ts";
import { tasksOf } from "../support/aws/tasks.ts";
import { exampleRegistry, ofType, planOnAws, recordOnAws, resourceNamed } from "../support/aws/topology.ts";

/** A bridge between a real cluster and something that answers on the port of Temporal, beside services with files of their own. */
const body = (more = "") => `
  const nats = new NatsCluster("nats", { platform, streams: { GH: { subjects: ["gh.>"], consumers: { CODEX: { maxDeliver: 20 } } } } });
  const frontend = new AppService("temporal", { platform, image: "${exampleRegistry}/x:1.0.0", ports: { frontend: 7233 }, health: tcp() });
  new NatsTemporalBridge("trigger", {
    platform, nats: nats.connection, temporal: { ...frontend.connection, scheme: "temporal" }, stream: "GH", consumer: "CODEX",
    routes: [{ subject: "gh.>", workflow: "GuardEvent", taskQueue: "guard" }], ${more}
  });
  const opa = new OpaServer("opa", { platform, policies: "policies", path: "repo/guard" });
  new AppService("docs", {
    platform, image: "${exampleRegistry}/docs:1.0.0", ports: { http: 8000 }, health: http("/"), bindings: { OPA: opa.connection },
    replicas: 1, volumes: { notes: { path: "/notes" } },
    checkouts: { pages: { url: "https://github.com/acme/docs.git", ref: "main", path: "/pages" } },
  });`;
const policies = { "guard.rego": "package repo.guard\n\ndefault allow := false\n" };

let planned: Promise<Plan> | undefined;
const prod = () => {
  planned ??= planOnAws(body("stopSeconds: 45, maxInFlight: 20,"), { profile: "prod" }, policies);
  return planned;
};

describeAwsPlan("a bridge, policies and files on AWS", prod, {
  profile: "prod",
  prefix: "shop-prod",
  keyUsers: ["logs-key logs.eu-central-1.amazonaws.com"],
  atLeast: { tasks: 5 },
});

describe("the bridge on AWS", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await prod();
  });
  const container = (name: string) => {
    const found = tasksOf(plan)
      .flatMap(({ containers }) => containers)
      .find((one) => one.name === name);
    if (!found) throw new Error(`no container ${name}`);
    return found;
  };

  test("is built, pushed, and run by digest, by server and check alike", () => {
    const image = /^123456789012\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/shop-prod-trigger@sha256:[0-9a-f]{64}$/;
    expect(container("trigger").image).toMatch(image);
    expect(container("trigger-check").image).toBe(container("trigger").image);
    expect(ofType(plan, "Repository").map(({ name }) => name)).toEqual(["trigger-images"]);
  });

  test("is told where both ends are, the password of NATS by a secret", () => {
    const { secretString } = resourceNamed(plan, "SecretVersion", "trigger-secret-version").inputs;
    expect(JSON.parse(String(secretString))).toEqual({
      NATS_URL: expect.stringMatching(/^nats:\/\/app:\w+@nats\.shop-prod\.internal:4222$/),
      TEMPORAL_ADDRESS: "temporal:7233",
    });
    expect(container("trigger").environment).toEqual([
      { name: "NODE_OPTIONS", value: "--max-old-space-size=768" },
      { name: "TEMPORAL_NAMESPACE", value: "default" },
    ]);
    expect(container("trigger").secrets.map(({ name }) => name)).toEqual(["NATS_URL", "TEMPORAL_ADDRESS"]);
    const [file] = container("trigger-files").environment;
    expect(JSON.parse(file?.value ?? "")).toMatchObject({ stream: "GH", consumer: "CODEX", maxInFlight: 20, stopSeconds: 45 });
  });

  test("has the health of its program and the time that it asks for, and starts when both ends serve", () => {
    expect(container("trigger").healthCheck?.command).toEqual(["CMD", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/health"]);
    expect(container("trigger").stopTimeout).toBe(45);
    const { inputs, dependencies } = resourceNamed(plan, "Service", "trigger-service");
    expect(inputs.desiredCount).toBe(3);
    for (const [type, name] of [
      ["Service", "temporal-service"],
      ["Invocation", "nats-streams-run"],
    ] as const)
      expect(dependencies).toContain(resourceNamed(plan, type, name).urn);
  });

  test("it and its check may go to both ends, and to nobody else", () => {
    const to = (from: string) =>
      tracedRules(plan)
        .filter(({ name, reason }) => name.startsWith(`${from}-to-`) && name.endsWith("-out") && ["binding", "within the component"].includes(reason))
        .map(({ name }) => name);
    expect(to("trigger")).toEqual(["trigger-to-nats-4222-out", "trigger-to-temporal-7233-out"]);
    expect(to("trigger-check")).toEqual(["trigger-check-to-nats-4222-out", "trigger-check-to-temporal-7233-out"]);
    expect(componentsOf(plan).find(({ name }) => name === "trigger")?.outputs.bindings).toEqual({ NATS: "nats:4222", TEMPORAL: "temporal:7233" });
    expect(container("trigger-check").entryPoint).toEqual(["node", "/app/bridge.mjs", "check"]);
  });

  test("what ECS gives no time for is refused", async () => {
    const result = await recordOnAws(body("stopSeconds: 300,"), { profile: "prod" }, policies);
    if (!("problems" in result)) throw new Error("not refused");
    expect(result.problems.map(({ component, path }) => `${component}.${path}`)).toEqual(["trigger.stopSeconds"]);
  });
});
