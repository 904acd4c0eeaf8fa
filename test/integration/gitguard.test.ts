import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstream } from "@nats-io/jetstream";
import { connect, headers, type NatsConnection } from "@nats-io/transport-node";
import { Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { crash } from "../support/crash.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { gitguardProject, prometheus, stagingSettings } from "../support/gitguard.ts";
import { logLines } from "../support/loki.ts";
import { credentials, discard, down, inspect, lives, port, remains, servers, until, up, verifies } from "../support/stack.ts";
import type { TempProject } from "../support/temp-project.ts";

const minute = 60_000;
const namespace = "default";

/** A client of the application's user. */
const nats = (project: TempProject): Promise<NatsConnection> =>
  connect({
    servers: `127.0.0.1:${port(project, "nats.nats")}`,
    user: "app",
    pass: credentials(project)["nats-app-password"] ?? "",
    timeout: 5000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
  });

describeDocker("GitGuard on one machine", () => {
  let project: TempProject;
  let temporal: Connection;
  const made: TempProject[] = [];

  beforeAll(async () => {
    project = gitguardProject("gg");
    made.push(project);
    await up(project);
    temporal = Connection.lazy({ address: `127.0.0.1:${port(project, "temporal.grpc")}` });
  }, 8 * minute);
  afterAll(async () => {
    await temporal?.close();
    await discard(...made.toReversed());
  }, 5 * minute);

  const countOf = async (query: string) => Number((await temporal.workflowService.countWorkflowExecutions({ namespace, query })).count);

  test(
    "verify has a row for each system and what it hands on, and every pair is as bound",
    async () => {
      const output = await verifies(project);
      for (const row of [
        /ok +nats by its protocol/,
        /ok +postgres by its protocol/,
        /ok +redis by its protocol/,
        /ok +temporal workflows/,
        /ok +temporal web UI/,
        /ok +opa decisions/,
        /ok +codex-trigger .*became a workflow/,
        /ok +guard-api by its protocol/,
        /ok +guard-codex by its protocol/,
        /ok +gateway by its protocol/,
        /ok +telemetry metrics/,
        /ok +telemetry logs/,
        /ok +telemetry rules/,
        /ok +telemetry dashboards/,
      ]) {
        expect(output).toMatch(row);
      }
      const [, tried] = /(\d+) connections by name tried: \d+ open, \d+ closed, all as bound/.exec(output) ?? [];
      expect(Number(tried)).toBeGreaterThan(300);
    },
    4 * minute,
  );

  test(
    "a second up restarts nothing",
    async () => {
      const parts = await servers(project);
      expect(parts.length).toBeGreaterThanOrEqual(18);
      const before = await lives(project, parts);
      await up(project);
      expect(await lives(project, parts)).toEqual(before);
    },
    4 * minute,
  );

  test(
    "an event on gh.push is a workflow that is completed, a log line that names it, and a number in Prometheus",
    async () => {
      const started = 'sum(bridge_messages_total{job="codex-trigger",outcome="started"})';
      const before = (await prometheus(project, started))[0]?.value ?? 0;
      const connection = await nats(project);
      const list = headers();
      list.set("Nats-Msg-Id", "delivery-1");
      await connection.request("gh.push", JSON.stringify({ ref: "refs/heads/main" }), { headers: list, timeout: 5000 });
      await connection.close();
      const found = await until("its workflow is completed", 60, async () => {
        const { executions } = await temporal.workflowService.listWorkflowExecutions({
          namespace,
          query: "WorkflowType = 'GuardPush' AND ExecutionStatus = 'Completed'",
        });
        return executions[0];
      });
      const id = found.execution?.workflowId ?? "";
      expect(id).toContain("delivery-1");
      const lines = await until("its log line is found", 60, async () => {
        const all = await logLines(project, `{service_name="codex-trigger"} |= \`${id}\``);
        return all.length > 0 && all;
      });
      expect(lines[0]).toContain("delivery-1");
      await until("the worker's line is found", 60, async () => (await logLines(project, `{service_name="guard-codex"} |= \`${id}\``)).length > 0);
      await until("Prometheus has counted it", 60, async () => ((await prometheus(project, started))[0]?.value ?? 0) > before);
    },
    5 * minute,
  );

  test(
    "any server may die under load: each event becomes one workflow, and all is well afterwards",
    async () => {
      const connection = await nats(project);
      const streams = jetstream(connection, { timeout: 2000 });
      const sent: string[] = [];
      let ending = false;
      const publishing = (async () => {
        for (let number = 0; !ending; await sleep(25)) {
          try {
            await streams.publish("gh.pull_request", "{}", { msgID: `load-${number}` });
            sent.push(`load-${number++}`);
          } catch {
            // The server is away: the same number again.
          }
        }
      })();
      const parts = await servers(project);
      for (const part of parts) await crash(project, part);
      ending = true;
      await publishing;
      await connection.close();
      expect(sent.length).toBeGreaterThan(500);
      const query = "WorkflowType = 'GuardPullRequest'";
      await until(
        "each event is a completed workflow",
        180,
        async () => (await countOf(`${query} AND ExecutionStatus = 'Completed'`)) >= sent.length,
      );
      // A publish whose answer was lost is sent again under the same id, so there may be one more that was never confirmed.
      expect(await countOf(query)).toBeLessThanOrEqual(sent.length + 1);
      await verifies(project);
    },
    12 * minute,
  );

  test(
    "lost state heals: new credentials open the kept data",
    async () => {
      // Of a type that no check starts: what a check deletes goes a while after it.
      const query = "WorkflowType = 'GuardPullRequest'";
      const workflows = await countOf(query);
      expect(workflows).toBeGreaterThan(500);
      rmSync(project.state, { recursive: true });
      await up(project);
      await temporal.close();
      temporal = Connection.lazy({ address: `127.0.0.1:${port(project, "temporal.grpc")}` });
      await until("Temporal has its workflows", 60, async () => (await countOf(query)) >= workflows);
      await verifies(project);
    },
    8 * minute,
  );

  test(
    "staging runs beside it as its stack file has it: ports of its own, three nodes, images built from folders; and it goes alone",
    async () => {
      const staging = project.environment("staging");
      made.push(staging);
      staging.settings(stagingSettings());
      const before = await lives(project, await servers(project));
      await up(staging);
      await verifies(staging);
      const parts = await servers(staging);
      expect(parts).toEqual(expect.arrayContaining(["nats-0", "nats-1", "nats-2", "guard-api-0", "guard-api-1"]));
      expect(new Set([...parts, ...(await servers(project))]).size).toBeGreaterThan(parts.length);
      const published = await Promise.all(
        ["postgres", "nats-0", "gateway"].map(async (part) => (await inspect(staging, part)).NetworkSettings.Ports),
      );
      const onMachine = published.flatMap((ports) => Object.values(ports).flatMap((bound) => bound ?? [])).map(({ HostPort }) => HostPort);
      expect(onMachine).toEqual(expect.arrayContaining(["5433", "4223", "8444"]));
      for (const api of parts.filter((part) => part.startsWith("guard-api"))) {
        expect((await inspect(staging, api)).Config.Env).toContain("LOG_LEVEL=debug");
      }
      expect((await down(staging)).code).toBe(0);
      expect(await remains(staging.prefix)).toEqual([]);
      expect(await lives(project, await servers(project))).toEqual(before);
    },
    12 * minute,
  );
});
