import { execFileSync } from "node:child_process";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { MessageQueue } from "../../../../components/message-queue/message-queue.ts";
import type { Connection } from "../../../../src/core/connection.ts";
import { shownText } from "../../../../src/core/text.ts";
import { unsupportedOn } from "../../../../src/core/unsupported.ts";
import { settingsOf, soundSpec } from "../../../support/settings.ts";

const queues = { jobs: {}, mail: { fifo: true, contentBasedDeduplication: true }, raw: { deadLetters: false } };
const spec = soundSpec("MessageQueue", "queue", { queues });
const [server] = spec.workloads;
const scripts = spec.jobs.map(({ files }) => shownText(files[0]?.content ?? ""));

describe("connections", () => {
  test("are one for each queue and dead-letter queue, at the queue's URL", () => {
    expect(Object.fromEntries(Object.entries(spec.connections).map(([key, { path }]) => [key, path]))).toEqual({
      jobs: "/000000000000/queue-jobs",
      "jobs-dlq": "/000000000000/queue-jobs-dlq",
      mail: "/000000000000/queue-mail.fifo",
      "mail-dlq": "/000000000000/queue-mail-dlq.fifo",
      raw: "/000000000000/queue-raw",
    });
  });

  test("of one component set the same variables, so that a service may be bound to several of its queues", () => {
    const sets = Object.values(spec.connections).map(({ env }) => env?.({ host: "queue", port: 9324 }));
    for (const env of sets) expect(env).toEqual(sets[0]);
    expect(Object.keys(sets[0] ?? {})).toEqual(["AWS_ENDPOINT_URL_SQS", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
    expect(sets[0]?.AWS_ENDPOINT_URL_SQS).toBe("http://queue:9324");
  });
});

test("a queue has a dead-letter queue by its type exactly when it has one", () => {
  type Declared = { jobs: { deadLetters: true }; mail: { fifo: true }; raw: { deadLetters: false } };
  expectTypeOf<MessageQueue<Declared>["deadLetters"]>().toEqualTypeOf<Readonly<Record<"jobs" | "mail", Connection>>>();
  expectTypeOf<keyof MessageQueue<Declared>["queues"]>().toEqualTypeOf<keyof Declared>();
});

describe("the server", () => {
  test("keeps everything on its volume, with the limits of SQS", () => {
    const config = shownText(server?.files[0]?.content ?? "");
    expect(config).toMatch(/messages-storage \{ enabled = true, uri = "jdbc:h2:\/data\//);
    expect(config).toContain("sqs-limits = strict");
    expect(server?.volumes.map(({ path }) => path)).toEqual(["/data"]);
  });

  test("is ready when what it keeps is there: it answers before", () => {
    expect(server?.probe).toMatchObject({ kind: "http", path: "/?Action=GetQueueUrl&QueueName=groundplan-ready" });
    expect(shownText(server?.files[0]?.content ?? "")).toContain("queues { groundplan-ready {} }");
  });

  test("is not made anew by a change of its queues", () => {
    const other = soundSpec("MessageQueue", "queue", { queues: { jobs: { delaySeconds: 9 }, more: {} } });
    expect(other.workloads).toEqual(spec.workloads);
    expect(other.jobs).not.toEqual(spec.jobs);
  });

  test.each([
    ["dev", 256, "-Xmx153m"],
    ["prod", 2048, "-Xmx1228m"],
  ])("has a heap below its memory in %s", (profile, memoryMiB, heap) => {
    const [sized] = soundSpec("MessageQueue", "queue", { queues }, settingsOf({ profile })).workloads;
    expect([sized?.resources.memoryMiB, sized?.command?.[1]]).toEqual([memoryMiB, heap]);
  });
});

describe("the scripts", () => {
  test("are shell", () => {
    for (const script of scripts) expect(() => execFileSync("sh", ["-n"], { input: script })).not.toThrow();
  });

  test("declare each queue once, a dead-letter queue before the queue that sends there", () => {
    const declared = [...(scripts[0] ?? "").matchAll(/^declared (\S+) '(\S*)' '(\S*)' '(\w*)'$/gm)].map(([, name, , made, deduplication]) => [
      name,
      made?.includes("FifoQueue"),
      deduplication,
    ]);
    expect(declared).toEqual([
      ["queue-jobs-dlq", false, ""],
      ["queue-jobs", false, ""],
      ["queue-mail-dlq.fifo", true, "true"],
      ["queue-mail.fifo", true, "true"],
      ["queue-raw", false, ""],
    ]);
  });

  test("number the attributes of a queue without a gap, whatever can change and what cannot", () => {
    for (const [, changing = "", made = ""] of (scripts[0] ?? "").matchAll(/^declared \S+ '(\S*)' '(\S*)'/gm)) {
      const numbers = [...`${changing}${made}`.matchAll(/Attribute\.(\d+)\.Name/g)].map(([, number]) => Number(number));
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
  });
});

describe("what SQS and SNS alone can do", () => {
  const wanted = soundSpec("MessageQueue", "queue", {
    queues: { jobs: { messageRetentionSeconds: 60, maxMessageKiB: 64 }, mail: { maxMessageKiB: 1024 } },
    topics: { events: { subscribers: ["jobs"] } },
  });

  test.each(["docker", "kubernetes"] as const)("is refused on %s, each argument by its row", (target) => {
    expect(unsupportedOn(target, wanted).map(({ path, value, rule }) => [path, value, rule.split(" is not supported")[0]])).toEqual([
      ["queues.jobs.messageRetentionSeconds", 60, "MessageQueue: messageRetentionSeconds"],
      ["queues.jobs.maxMessageKiB", 64, "MessageQueue: maxMessageKiB below 1024"],
      ["topics.events", "events", "MessageQueue: topics"],
    ]);
  });

  test("is taken on aws; and elsewhere nothing is asked for without saying so", () => {
    expect(unsupportedOn("aws", wanted)).toEqual([]);
    for (const target of ["docker", "kubernetes", "aws"] as const) expect(unsupportedOn(target, spec)).toEqual([]);
  });
});
