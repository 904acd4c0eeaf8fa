import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { Connection } from "@temporalio/client";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { checksOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { reachesOf } from "../../src/preview/reaches.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { recordedTopology } from "../support/recorded-topology.ts";
import { type Replay, replay } from "../support/replay.ts";
import { dataOf } from "../support/replay-volumes.ts";
import { until } from "../support/stack.ts";

const image = (table: "toolbox" | "node") => imageReference({ table }, mirror ? { mirror } : {});
const placeholder = resolve(import.meta.dirname, "..", "..", "components", "app-service", "placeholder");

const topology = `
  const db = new PostgresDb("db", { platform, databases: { temporal: {}, visibility: {} } });
  const bus = new NatsCluster("bus", { platform, streams: { GH: { subjects: ["gh.>"], consumers: { CODEX: { maxDeliver: 50, ackWaitSeconds: 10 } } } } });
  const temporal = new TemporalServer("temporal", {
    platform, database: db.databases.temporal, visibility: db.databases.visibility, historyShards: 8, namespaces: { guard: {} },
  });
  new NatsTemporalBridge("trigger", {
    platform, nats: bus.connection, temporal: temporal.connection, stream: "GH", consumer: "CODEX",
    routes: [{ subject: "gh.push", workflow: "HandlePush", taskQueue: "codex", id: "push-{id}" }],
  });
  new AppService("worker", {
    platform, ports: { http: 8000 }, health: http("/health"),
    image: { build: { context: ${JSON.stringify(placeholder)}, args: { BASE: ${JSON.stringify(image("node"))} } } },
    env: { TEMPORAL_TASK_QUEUE: "codex" },
    bindings: { TEMPORAL: bind(temporal.connection, { PLACEHOLDER_BINDING_TEMPORAL: (c) => c.uri }) },
  });
  return {};`;

const roles = { temporal: 2, "temporal-history": 2, "temporal-matching": 2, "temporal-worker": 1 };
const pods = [
  ...["bus-0", "bus-1", "bus-2", "db-0"],
  ...Object.entries(roles).flatMap(([role, replicas]) => Array.from({ length: replicas }, (_, index) => `${role}-x${index}`)),
  ...["temporal-ui-x0", "trigger-x0", "trigger-x1", "worker-x0", "worker-x1"],
];

describeDocker("the roles of Temporal and three nodes of NATS on Kubernetes, profile staging, as containers", () => {
  let plan: Plan;
  let played: Replay;

  beforeAll(async () => {
    plan = await recordedTopology(
      topology,
      {
        target: "kubernetes",
        profile: "staging",
        kubernetes: { context: "lab", storageClass: "standard", registry: "127.0.0.1:5000/replay" },
      },
      { GROUNDPLAN_IMAGE_MIRROR: mirror ?? "" },
    );
    played = replay(plan, image("toolbox"));
  });
  afterAll(() => played?.remove());

  test("every server becomes healthy by its own probes, and every job ends with 0, in the order of the plan", async () => {
    await played.up();
    expect([...played.pods()].toSorted()).toEqual(pods.toSorted());
  });
});
