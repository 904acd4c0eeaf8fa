import { setTimeout as sleep } from "node:timers/promises";
import { jetstream } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bus, withStreams } from "../support/clients.ts";
import { crash } from "../support/crash.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { daemon, discard, inspect, port, until, up, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const topology = `
  const db = new PostgresDb("db", { platform, databases: { temporal: {}, visibility: {} } });
  const bus = new NatsCluster("bus", { platform, streams: { GH: { subjects: ["gh.>"], consumers: { CODEX: { maxDeliver: 10, ackWaitSeconds: 10 } } } } });
  const temporal = new TemporalServer("temporal", {
    platform, database: db.databases.temporal, visibility: db.databases.visibility, historyShards: 4, namespaces: { guard: {} }, ui: false, cpus: 2,
  });
  const trigger = new NatsTemporalBridge("trigger", {
    platform, nats: bus.connection, temporal: temporal.connection, stream: "GH", consumer: "CODEX", cpus: 1,
    routes: [
      { subject: "gh.push", workflow: "HandlePush", taskQueue: "codex", id: "push-{id}" },
      { subject: "gh.later", workflow: "HandleLater", taskQueue: "nobody", id: "later-{id}" },
    ],
  });
  new AppService("worker", {
    platform, ports: { http: 8000 }, publish: ["http"], health: http("/health"), cpus: 1,
    bindings: { TEMPORAL: temporal.connection }, env: { TEMPORAL_TASK_QUEUE: "codex" },
  });
  return { trigger: trigger.connection.summary };`;

const namespace = "guard";
const events = 10_000;
const minute = 60_000;

describeDocker("the bridge from NATS to Temporal", () => {
  let project: TempProject;
  let temporal: Connection;

  beforeAll(async () => {
    project = tempProject("nt");
    project.topology(topology);
    await up(project);
    temporal = Connection.lazy({ address: `127.0.0.1:${port(project, "temporal.grpc")}` });
  }, 5 * minute);
  afterAll(async () => {
    await temporal?.close();
    await discard(project);
  });

  /** Workflow ids of all runs that the query finds. */
  async function runs(query: string): Promise<string[]> {
    const ids: string[] = [];
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await temporal.workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: 1000,
        ...(nextPageToken ? { nextPageToken } : {}),
      });
      ids.push(...page.executions.map(({ execution }) => execution?.workflowId ?? ""));
      nextPageToken = page.nextPageToken;
    } while (nextPageToken?.length);
    return ids;
  }

  const count = async (query: string) => Number((await temporal.workflowService.countWorkflowExecutions({ namespace, query })).count);

  const consumer = () => withStreams(project, async (streams) => (await streams.consumers.get("GH", "CODEX")).info());

  const left = async () => {
    const { num_pending, num_ack_pending } = await consumer();
    return num_pending + num_ack_pending;
  };

  async function publish(subject: string, ids: readonly string[]): Promise<void> {
    const connection = await bus(project);
    const streams = jetstream(connection);
    try {
      for (let at = 0; at < ids.length; at += 200) {
        await Promise.all(ids.slice(at, at + 200).map((msgID) => streams.publish(subject, JSON.stringify({ ref: "main" }), { msgID })));
      }
    } finally {
      await connection.close();
    }
  }

  async function completedByWorker(): Promise<number> {
    const figures = await (await fetch(`http://127.0.0.1:${port(project, "worker.http")}/metrics`)).text();
    return Number(/^placeholder_workflows_completed_total (\d+)/m.exec(figures)?.[1]);
  }

  const deadLetter = (subject: string) =>
    withStreams(project, async (streams) => (await streams.jetstreamManager()).streams.getMessage("DLQ", { last_by_subj: subject }));

  test("is shown by verify, without a worker of the user", async () => {
    const output = await verifies(project);
    expect(output).toMatch(/a message on gh\.groundplan-verify became a workflow, completed after/);
  });

  test("starts one workflow for a message, however often it is published, and passes its trace on", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const connection = await bus(project);
    const list = headers();
    list.set("traceparent", traceparent);
    list.set("Nats-Msg-Id", "twice");
    const send = (round: number) => connection.request("gh.push", JSON.stringify({ round }), { headers: list, timeout: 5000 });
    await send(1);
    await until("the first is acknowledged", 20, async () => (await left()) === 0);
    // The stream forgets ids after a while; here it is made to.
    await withStreams(project, async (streams) => (await streams.jetstreamManager()).streams.update("GH", { duplicate_window: 100_000_000 }));
    await sleep(500);
    await send(2);
    await connection.close();
    await until("both are acknowledged", 20, async () => (await left()) === 0);
    await until("it is in the list", 20, async () => (await runs("WorkflowType = 'HandlePush'")).length === 1);
    const history = await temporal.workflowService.getWorkflowExecutionHistory({ namespace, execution: { workflowId: "push-twice" } });
    const started = history.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    const text = (data: Uint8Array | null | undefined) => JSON.parse(Buffer.from(data ?? []).toString()) as Record<string, unknown>;
    expect(text(started?.header?.fields?.["_tracer-data"]?.data)).toEqual({ traceparent });
    expect(text(started?.input?.payloads?.[0]?.data)).toEqual({ subject: "gh.push", id: "twice", headers: { traceparent }, data: { round: 1 } });
  });

  test("puts what can never be a workflow to the dead letters, with its reason", async () => {
    const connection = await bus(project);
    const list = headers();
    list.set("Nats-Msg-Id", "poison");
    list.set("X-GitHub-Event", "push");
    await connection.request("gh.push", "{not json", { headers: list, timeout: 5000 });
    await connection.request("gh.unknown", "{}", { timeout: 5000 });
    await connection.close();
    await until("both are gone from the consumer", 20, async () => (await left()) === 0);
    const poison = await deadLetter("dlq.GH.gh.push");
    expect(poison?.string()).toBe("{not json");
    const header = (name: string) => poison?.header.get(name);
    expect(header("Dlq-Reason")).toBe("poison");
    expect(header("Dlq-Error")).toBe("the payload is not JSON");
    expect(header("Dlq-Subject")).toBe("gh.push");
    expect(header("Dlq-Stream")).toBe("GH");
    expect(header("Dlq-Message-Id")).toBe("poison");
    expect(header("Dlq-Deliveries")).toBe("1");
    expect(header("X-GitHub-Event")).toBe("push");
    expect((await deadLetter("dlq.GH.gh.unknown"))?.header.get("Dlq-Reason")).toBe("unroutable");
  });

  test(
    `starts each of ${events} workflows once while its process is killed twice`,
    async () => {
      const ids = Array.from({ length: events }, (_, index) => `event-${index}`);
      const these = "WorkflowId STARTS_WITH 'push-event-'";
      const before = await completedByWorker();
      const begin = Date.now();
      await publish("gh.push", ids);
      for (const part of [0.8, 0.5]) {
        await until("a part of the events is taken", 300, async () => (await left()) < events * part);
        // Otherwise nothing would be at work when it dies.
        expect(await left()).toBeGreaterThan(0);
        await crash(project, "trigger");
      }
      await until("all are acknowledged", 600, async () => (await left()) === 0);
      const startedAfter = (Date.now() - begin) / 1000;
      await until("all are completed", 600, async () => {
        // To count is work for the server that has enough of it.
        await sleep(2000);
        return (await count(`${these} AND ExecutionStatus = 'Completed'`)) >= events;
      });
      console.log(`${events} events: started after ${startedAfter} s, completed after ${(Date.now() - begin) / 1000} s`);
      expect((await runs(these)).toSorted()).toEqual(ids.map((id) => `push-${id}`).toSorted());
      // Fewer when an answer to the worker was lost; more would be a workflow that ran twice.
      const completed = (await completedByWorker()) - before;
      expect(completed).toBeGreaterThan(events * 0.9);
      expect(completed).toBeLessThanOrEqual(events);
    },
    30 * minute,
  );

  test("stops in order: what is at work is finished, and the rest stays for the next one", async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `stop-${index}`);
    await publish("gh.later", ids);
    const bridge = daemon.getContainer((await inspect(project, "trigger")).Id);
    await until("a part of them is taken", 60, async () => (await left()) < 900);
    await bridge.stop();
    expect((await inspect(project, "trigger")).State).toMatchObject({ Running: false, ExitCode: 0 });
    const { num_pending, num_ack_pending, num_redelivered } = await consumer();
    expect(num_pending).toBeGreaterThan(0);
    expect([num_ack_pending, num_redelivered]).toEqual([0, 0]);
    await bridge.start();
    await until("all are acknowledged", 120, async () => (await left()) === 0);
    await until("all are in the list", 60, async () => (await runs("WorkflowType = 'HandleLater'")).length >= ids.length);
    expect((await runs("WorkflowType = 'HandleLater'")).toSorted()).toEqual(ids.map((id) => `later-${id}`).toSorted());
  });

  test(
    "loses nothing while Temporal is away, and spends no delivery on it",
    async () => {
      const server = daemon.getContainer((await inspect(project, "temporal")).Id);
      await server.stop({ t: 1 });
      const ids = Array.from({ length: 300 }, (_, index) => `away-${index}`);
      await publish("gh.later", ids);
      const away = async () => (await runs("WorkflowType = 'HandleLater'")).filter((id) => id.startsWith("later-away-"));
      const bridge = async () => (await inspect(project, "trigger")).State.Health?.Status;
      await until("the bridge says that it is not well", 90, async () => (await bridge()) === "unhealthy");
      await server.start();
      await until("all are acknowledged", 180, async () => (await left()) === 0);
      await until("all are in the list", 60, async () => (await away()).length >= ids.length);
      expect((await away()).toSorted()).toEqual(ids.map((id) => `later-${id}`).toSorted());
      expect(await deadLetter("dlq.GH.gh.later")).toBeNull();
      await until("the bridge is well again", 60, async () => (await bridge()) === "healthy");
    },
    6 * minute,
  );
});
