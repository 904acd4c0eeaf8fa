import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageReference } from "../../src/core/images.ts";
import { checksOf, objectsOf } from "../../src/preview/kubernetes.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { reachesOf } from "../../src/preview/reaches.ts";
import { describeDocker, mirror } from "../support/docker-tier.ts";
import { recordedTopology } from "../support/recorded-topology.ts";
import { type Replay, replay } from "../support/replay.ts";
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
    platform, nats: bus.connection, temporal: temporal.connection, stream: "GH", consumer: "CODEX", maxDeliver: 12,
    routes: [{ subject: "gh.push", workflow: "HandlePush", taskQueue: "codex", id: "push-{id}" }],
  });
  new AppService("worker", {
    platform, ports: { http: 8000 }, health: http("/health"),
    image: { build: { context: ${JSON.stringify(placeholder)}, args: { BASE: ${JSON.stringify(image("node"))} } } },
    env: { TEMPORAL_TASK_QUEUE: "codex" },
    bindings: { TEMPORAL: bind(temporal.connection, { PLACEHOLDER_BINDING_TEMPORAL: (c) => c.uri }) },
  });
  return {};`;

/** Replicas of each role's workload, and its port by which the ring knows it. */
const roles = {
  temporal: { service: "frontend", replicas: 2, port: 7233 },
  "temporal-history": { service: "history", replicas: 2, port: 7234 },
  "temporal-matching": { service: "matching", replicas: 2, port: 7235 },
  "temporal-worker": { service: "worker", replicas: 1, port: 7239 },
};
const pods = [
  ...["bus-0", "bus-1", "bus-2", "db-0"],
  ...Object.entries(roles).flatMap(([role, { replicas }]) => Array.from({ length: replicas }, (_, index) => `${role}-x${index}`)),
  ...["temporal-ui-x0", "temporal-ui-x1", "trigger-x0", "trigger-x1", "worker-x0", "worker-x1"],
];

const minute = 60_000;

describeDocker("the roles of Temporal and three nodes of NATS on Kubernetes, profile staging, as containers", () => {
  let plan: Plan;
  let played: Replay;
  let bus: NatsConnection;
  let temporal: Connection;

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
  afterAll(async () => {
    await temporal?.close();
    await bus?.close();
    await played?.remove();
  });

  /** Every role sees every replica of every role, by its own log. */
  async function ringIsWhole(): Promise<boolean> {
    const expected = Object.entries(roles).map(([workload, { service, port }]) => [
      service,
      played
        .podsOf(workload)
        .map(({ address }) => `${address}:${port}`)
        .toSorted(),
    ]);
    const members = Object.keys(roles).flatMap((workload) => played.podsOf(workload));
    const seen = await Promise.all(members.map(async ({ name }) => lastMembers(await played.log(name))));
    return seen.every((rings) => JSON.stringify(expected.map(([service]) => [service, rings[String(service)]])) === JSON.stringify(expected));
  }

  const namespace = "guard";
  const count = async (query: string) => Number((await temporal.workflowService.countWorkflowExecutions({ namespace, query })).count);
  const completed = () => count("WorkflowType = 'HandlePush' AND ExecutionStatus = 'Completed'");
  const streamOf = async (name: string) => (await jetstreamManager(bus)).streams.info(name);

  async function completedIds(): Promise<string[]> {
    const ids: string[] = [];
    let nextPageToken = new Uint8Array();
    do {
      const query = "WorkflowType = 'HandlePush' AND ExecutionStatus = 'Completed'";
      const page = await temporal.workflowService.listWorkflowExecutions({ namespace, query, pageSize: 1000, nextPageToken });
      ids.push(...page.executions.map(({ execution }) => execution?.workflowId ?? ""));
      nextPageToken = new Uint8Array(page.nextPageToken);
    } while (nextPageToken.length > 0);
    return ids;
  }

  test(
    "every server becomes healthy by its own probes, and every job ends with 0, in the order of the plan",
    async () => {
      await played.up();
      expect([...played.pods()].toSorted()).toEqual(pods.toSorted());
      // On empty databases the frontends race for the first record of the cluster; who loses ends, and finds it the next time.
      expect(played.restarted().filter((pod) => !pod.startsWith("temporal-x"))).toEqual([]);
      const { password } = new URL(keptIn(plan, "NATS_URL"));
      const servers = played.podsOf("bus").map(({ address }) => `${address}:4222`);
      // The names that the nodes tell of each other mean nothing outside of their network.
      bus = await connect({ servers, user: "app", pass: password, ignoreClusterUpdates: true, maxReconnectAttempts: -1, reconnectTimeWait: 250 });
      temporal = Connection.lazy({ address: `${played.podsOf("temporal")[0]?.address}:7233` });
    },
    6 * minute,
  );

  test("the four roles are one ring, each replica by an address of its own", async () => {
    await until("the ring", 60, ringIsWhole);
  });

  test("every check of verify passes", async () => {
    const ended = await played.checks();
    expect(Object.keys(ended)).toHaveLength(checksOf(plan).length);
    expect(Object.entries(ended).filter(([, { code }]) => code !== 0)).toEqual([]);
  });

  test(
    "under load, with one node of NATS killed, then a replica of history and of matching: nothing acknowledged is lost, and workflows go on",
    async () => {
      const acknowledged: string[] = [];
      let going = true;
      /** One message after another; one that is not acknowledged is sent again under the same id until it is. */
      async function lane(name: string): Promise<void> {
        for (let number = 0; going; number++) {
          const id = `${name}-${number}`;
          for (let done = false; !done; ) {
            done = await jetstream(bus)
              .publish("gh.push", "{}", { msgID: id, timeout: 2000 })
              .then(() => true)
              .catch(() => sleep(100, false));
          }
          acknowledged.push(id);
          await sleep(100);
        }
      }
      const further = (what: string, some: number, figure: () => Promise<number>) => async () => {
        const before = await figure();
        await until(what, 90, async () => (await figure()) >= before + some);
      };
      const moreAcknowledged = further("messages are acknowledged", 60, async () => acknowledged.length);
      const moreCompleted = further("workflows are completed", 60, completed);
      // The check of the bridge left one.
      const { messages } = (await streamOf("GH")).state;
      const lanes = ["a", "b", "c", "d"].map(lane);
      try {
        await moreCompleted();
        const node = String((await streamOf("GH")).cluster?.leader);
        await played.kill(node);
        await moreAcknowledged();
        await moreCompleted();
        await played.restart(node);
        await until("the node has caught up", 60, async () => (await streamOf("GH")).cluster?.replicas?.every(({ current }) => current));

        const gone = ["temporal-history-x0", "temporal-matching-x0"];
        await Promise.all(gone.map(played.kill));
        await moreCompleted();
        await Promise.all(gone.map(played.restart));
        await moreCompleted();
      } finally {
        going = false;
        await Promise.all(lanes);
      }
      expect((await streamOf("GH")).state.messages).toBe(messages + acknowledged.length);
      await until("all are completed", 120, async () => (await completed()) >= acknowledged.length);
      expect((await completedIds()).toSorted()).toEqual(acknowledged.map((id) => `push-${id}`).toSorted());
      expect((await streamOf("DLQ")).state.messages).toBe(0);
    },
    8 * minute,
  );

  test("afterwards the ring is whole again, and nobody has a connection that is not declared", async () => {
    await until("the ring", 60, ringIsWhole);
    const reaches = reachesOf(plan);
    const workloads = [...Object.keys(roles), "db"];
    const at = new Map(workloads.flatMap((workload) => played.podsOf(workload).map(({ address }) => [address, workload] as const)));
    const open = new Set<string>();
    for (const from of Object.keys(roles)) {
      for (const { name } of played.podsOf(from)) {
        const { output } = await played.exec(name, ["netstat", "-tn"]);
        for (const [, address = "", port = ""] of output.matchAll(/ (?:::ffff:)?([\d.]+):(\d+) +ESTABLISHED/g)) {
          const to = at.get(address);
          // Above are the ends of connections that came in.
          if (to !== undefined && Number(port) < 32_768) open.add(`${from} -> ${to}:${port}`);
        }
      }
    }
    const declared = Object.keys(roles).flatMap((from) => (reaches.get(from) ?? []).map((to) => `${from} -> ${to}`));
    expect([...open].filter((way) => !declared.includes(way))).toEqual([]);
    for (const way of [
      "temporal -> temporal-history:7234",
      "temporal-history -> temporal-matching:7235",
      "temporal-matching -> temporal-worker:6939",
    ])
      expect([...open]).toContain(way);
  });

  test("all replicas together keep to the connections that they may open", async () => {
    const question = "SELECT count(*) FROM pg_stat_activity WHERE usename IN ('temporal', 'visibility')";
    const { output } = await played.exec("db-0", ["psql", "-U", "postgres", "-d", "temporal", "-tAc", question]);
    expect(Number(output)).toBeGreaterThan(14);
    expect(Number(output)).toBeLessThanOrEqual(60);
  });

  test("every server ends by itself within its grace", async () => {
    await bus?.close();
    await temporal?.close();
    const killed = 137;
    const ended = await played.stop();
    expect(Object.keys(ended)).toHaveLength(pods.length);
    expect(Object.entries(ended).filter(([, { code }]) => code === killed)).toEqual([]);
  });
});

/** Members of the ring by service, as a role last told of them. */
function lastMembers(log: string): Record<string, string[]> {
  const lines = log.split("\n").filter((line) => line.includes('"Current reachable members"'));
  return Object.fromEntries(
    lines.map((line) => {
      const { service, addresses } = JSON.parse(line) as { service: string; addresses: string[] };
      return [service, addresses.toSorted()];
    }),
  );
}

/** What a Secret of the plan keeps under a name. */
function keptIn(plan: Plan, key: string): string {
  const values = objectsOf(plan).flatMap(({ kind, manifest }) =>
    kind === "Secret" ? ((manifest.stringData as Record<string, string> | undefined)?.[key] ?? []) : [],
  );
  if (values[0] === undefined) throw new Error(`no Secret keeps ${key}`);
  return values[0];
}
