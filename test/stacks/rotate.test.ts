import { describe, expect, test } from "vitest";
import { AppService } from "../../components/app-service/app-service.ts";
import { NatsCluster } from "../../components/nats-cluster/nats-cluster.ts";
import { ObservabilityStack } from "../../components/observability-stack/observability-stack.ts";
import { PostgresDb } from "../../components/postgres-db/postgres-db.ts";
import { RedisCache } from "../../components/redis-cache/redis-cache.ts";
import { chosenCredentials } from "../../src/cli/rotation-choice.ts";
import { rotationText } from "../../src/cli/rotation-text.ts";
import type { Platform } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { credentialsByComponent, resourcesOfCredentials, rotationEffects, standIns } from "../../src/preview/rotation.ts";
import { recordInProcess } from "../support/in-process.ts";
import { settingsOf } from "../support/settings.ts";

const aws = { region: "eu-central-1", accountId: "123456789012", zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] };
const grounds = {
  docker: { target: "docker", profile: "dev" },
  kubernetes: { target: "kubernetes", profile: "prod", kubernetes: { context: "c", storageClass: "fast" } },
  aws: { target: "aws", profile: "prod", aws },
} as const;
type Target = keyof typeof grounds;

const topology = (platform: Platform) => {
  const db = new PostgresDb("db", { platform, databases: { app: {}, other: {} } });
  const bus = new NatsCluster("bus", { platform });
  const cache = new RedisCache("cache", { platform });
  const service = { platform, image: "registry.example/api:1.0.0", tools: ["wget" as const], ports: { http: 8000 }, health: http("/") };
  new AppService("api", { ...service, bindings: { DATABASE: db.databases.app, NATS: bus.connection, REDIS: cache.connection } });
  new AppService("web", { ...service, bindings: { OTHER: db.databases.other } });
};
const telemetry = (platform: Platform) => {
  new ObservabilityStack("telemetry", { platform, observes: [] });
};

const plans = new Map<string, Promise<Plan>>();

/** Each is recorded once: it takes seconds. */
function planOf(target: Target, renewed: readonly string[] = [], made = topology): Promise<Plan> {
  const key = [made.name, target, ...renewed].join(" ");
  const plan = plans.get(key) ?? recordedPlan(target, renewed, made);
  plans.set(key, plan);
  return plan;
}

async function recordedPlan(target: Target, renewed: readonly string[], made: typeof topology): Promise<Plan> {
  const { resources, credentials, problems } = await recordInProcess(made, grounds[target], undefined, standIns(renewed));
  expect(problems).toEqual([]);
  return { version: 1, project: "shop", stack: "dev", resources, credentials, outputs: {}, warnings: [], remember: undefined };
}

/** `part: what happens` of every part that something happens to. */
async function effects(target: Target, ...renewed: string[]) {
  const found = rotationEffects(await planOf(target), await planOf(target, renewed));
  return Object.fromEntries(found.map(({ part, what, awaySeconds }) => [part, awaySeconds === undefined ? what : `${what} (${awaySeconds})`]));
}

const newFirst = "replaced, new ones start before old ones stop (0)";

describe("on Docker", () => {
  test("a role of a database changes in place: the server runs on, its clients restart, those of other roles do not", async () => {
    expect(await effects("docker", "db-app-password")).toEqual({ api: "restarts (5)", "db-databases": "runs again" });
  });
  test("the administrator of a database restarts the server, and nobody else", async () => {
    expect(await effects("docker", "db-postgres-password")).toEqual({ db: "restarts (5)", "db-databases": "runs again" });
  });
  test("a cache and a bus restart, with who is bound to them", async () => {
    expect(await effects("docker", "cache-app-password", "bus-app-password")).toEqual({
      api: "restarts (5)",
      cache: "restarts (5)",
      "bus-0": "restarts (5)",
      "bus-streams": "runs again",
    });
  });
  test("nothing happens when nothing is renewed", async () => {
    expect(await effects("docker")).toEqual({});
  });
});

describe("on Kubernetes", () => {
  test("pods of clients are replaced, new ones first, and members of a cluster one after the other", async () => {
    expect(await effects("kubernetes", "bus-app-password")).toEqual({
      api: newFirst,
      bus: "replaced, one after the other (0)",
      "bus-streams": "runs again",
    });
  });
  test("what members of a cluster know each other by stays, with the reason", async () => {
    const found = credentialsByComponent(await planOf("kubernetes"));
    const lasting = found.flatMap(({ lasting: names }) => Object.keys(names));
    expect(lasting.toSorted()).toEqual(["bus-route-password", "cache-proxy-password", "cache-replication-password", "cache-sentinel-password"]);
    expect(found.flatMap(({ rotated }) => rotated.map(({ name }) => name)).filter((name) => lasting.includes(name))).toEqual([]);
  });
});

describe("on AWS", () => {
  test("tasks that read the secret are replaced, and the service takes the new password", async () => {
    expect(await effects("aws", "db-app-password", "cache-app-password", "bus-app-password")).toEqual({
      "api-service": newFirst,
      "bus-converge": "nodes restart, one after the other (0)",
      "bus-streams-run": "runs again",
      "cache-user-app": "takes it in place",
      "db-databases-run": "runs again",
    });
  });
});

describe("the choice", () => {
  const choose = async (component: string, only?: string) => {
    const plan = await planOf("docker", [], component === "telemetry" ? telemetry : topology);
    return chosenCredentials(credentialsByComponent(plan), plan, { env: "dev", component, ...(only ? { only } : {}) });
  };
  const names = async (component: string, only?: string) => (await choose(component, only)).rotated.map(({ name }) => name).toSorted();

  test("is all of a component, or the one that is named in either way", async () => {
    expect(await names("db")).toEqual(["db-app-password", "db-monitor-password", "db-other-password", "db-postgres-password"]);
    expect(await names("db", "app")).toEqual(["db-app-password"]);
    expect(await names("db", "db-other-password")).toEqual(["db-other-password"]);
    expect(await names("telemetry")).toEqual(["telemetry-admin-password"]);
  });
  test("names what there is when there is nothing of that name", async () => {
    await expect(choose("dc")).rejects.toMatchObject({
      code: "GP511",
      message: expect.stringMatching(/a component of dev: api, bus, cache, db.*\n\s+fix\s+did you mean db\?/),
    });
    await expect(choose("api")).rejects.toThrow(/a component of dev that has credentials of its own: bus, cache, db/);
    await expect(choose("db", "ap")).rejects.toThrow(/a credential of db: .*app.*\n\s+fix\s+did you mean app\?/);
    await expect(choose("telemetry", "encryption")).rejects.toThrow("not one that stays: what Grafana keeps is encrypted with it");
  });
  test("is made in the engine as exactly these resources, which are protected with their data", async () => {
    const made = resourcesOfCredentials(await planOf("docker"), await names("cache"));
    expect(made.map(({ name, type, protect }) => [name, type, protect])).toEqual(
      ["cache-app-password", "cache-monitor-password"].map((name) => [name, "random:index/randomPassword:RandomPassword", true]),
    );
  });
  test("is told first, without any value", async () => {
    const [before, after] = [await planOf("docker"), await planOf("docker", ["db-app-password"])];
    const text = rotationText(
      { prefix: "shop-dev", settings: settingsOf({}) },
      { chosen: await choose("db", "app"), engine: "compose", effects: rotationEffects(before, after) },
    );
    expect(text).toContain("New values: db-app-password");
    expect(text).toContain("PostgresDb takes the new values in place");
    expect(text).toMatch(/api +api +restarts +about 5 s/);
    for (const { value } of [...before.credentials, ...after.credentials]) expect(text.includes(value)).toBe(false);
  });
});
