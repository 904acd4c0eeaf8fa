import { setTimeout as sleep } from "node:timers/promises";
import { jetstream } from "@nats-io/jetstream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bus, messages, sql, sqlClient, withStreams } from "../support/clients.ts";
import { crash } from "../support/crash.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { discard, servers, up, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** Does something again and again until it is told to end; counts what was confirmed. */
interface Writer {
  readonly confirmed: number[];
  end(): Promise<void>;
}

/** One number after the other, each until it is confirmed. */
function write(deliver: (number: number) => Promise<unknown>, close: () => Promise<unknown>): Writer {
  const confirmed: number[] = [];
  let ending = false;
  const running = (async () => {
    for (let number = 0; !ending; await sleep(20)) {
      try {
        await deliver(number);
        confirmed.push(number++);
      } catch {
        // The server is away: the same number again.
      }
    }
  })();
  return {
    confirmed,
    end: async () => {
      ending = true;
      await running;
      await close();
    },
  };
}

async function publisher(project: TempProject): Promise<Writer> {
  const connection = await bus(project);
  const streams = jetstream(connection, { timeout: 1000 });
  return write(
    (number) => streams.publish("orders.crash", String(number), { msgID: `order-${number}` }),
    () => connection.close(),
  );
}

async function inserter(project: TempProject): Promise<Writer> {
  await sql(project, "CREATE TABLE crash (number int PRIMARY KEY)");
  let client = await sqlClient(project);
  return write(
    async (number) => {
      try {
        // A commit whose answer was lost may have happened.
        await client.query("INSERT INTO crash VALUES ($1) ON CONFLICT DO NOTHING", [number]);
      } catch (error) {
        client.end().catch(() => {});
        client = await sqlClient(project);
        throw error;
      }
    },
    () => client.end(),
  );
}

describeDocker("servers that crash", () => {
  let project: TempProject;

  beforeAll(async () => {
    project = tempProject("ix");
    await up(project);
  });
  afterAll(() => discard(project));

  test("all come back by themselves, and nothing that was confirmed is lost", async () => {
    const published = await publisher(project);
    const inserted = await inserter(project);
    for (const part of await servers(project)) await crash(project, part);
    await Promise.all([published.end(), inserted.end()]);

    await verifies(project);
    expect(published.confirmed.length).toBeGreaterThan(100);
    expect(inserted.confirmed.length).toBeGreaterThan(100);
    const kept = new Set((await withStreams(project, (streams) => messages(streams, "ORDERS"))).map(Number));
    expect(published.confirmed.filter((number) => !kept.has(number))).toEqual([]);
    const rows = new Set((await sql<{ number: number }>(project, "SELECT number FROM crash")).map(({ number }) => number));
    expect(inserted.confirmed.filter((number) => !rows.has(number))).toEqual([]);
  });
});
