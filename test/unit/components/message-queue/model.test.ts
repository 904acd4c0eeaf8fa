import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageQueueModel, physicalName, queueAttributes } from "../../../../components/message-queue/model.ts";

describe("the model", () => {
  test("has every default filled in, and a dead-letter queue before the queue that needs it", () => {
    expect(messageQueueModel({ jobs: {} }, {}).queues).toEqual([
      {
        key: "jobs-dlq",
        deadLettersOf: "jobs",
        fifo: false,
        contentBasedDeduplication: false,
        visibilityTimeoutSeconds: 30,
        receiveWaitTimeSeconds: 20,
        delaySeconds: 0,
        messageRetentionSeconds: 1_209_600,
        maxMessageKiB: 1024,
      },
      {
        key: "jobs",
        redrive: { to: "jobs-dlq", maxReceiveCount: 5 },
        fifo: false,
        contentBasedDeduplication: false,
        visibilityTimeoutSeconds: 30,
        receiveWaitTimeSeconds: 20,
        delaySeconds: 0,
        messageRetentionSeconds: 345_600,
        maxMessageKiB: 1024,
      },
    ]);
  });

  test("gives a FIFO queue a FIFO dead-letter queue that takes as large messages and delays none", () => {
    const { queues } = messageQueueModel({ mail: { fifo: true, delaySeconds: 60, maxMessageKiB: 64, contentBasedDeduplication: true } }, {});
    expect(queues[0]).toMatchObject({ key: "mail-dlq", fifo: true, contentBasedDeduplication: true, delaySeconds: 0, maxMessageKiB: 64 });
    expect(queues[1]).toMatchObject({ key: "mail", delaySeconds: 60 });
  });

  test("has no dead-letter queue where none is wanted", () => {
    const { queues } = messageQueueModel({ raw: { deadLetters: false } }, {});
    expect(queues.map(({ key, redrive }) => [key, redrive])).toEqual([["raw", undefined]]);
  });

  test("has the subscriptions of each topic in their long form", () => {
    const subscribers = ["jobs", { queue: "mail", filter: { kind: ["order"] } }];
    expect(messageQueueModel({ jobs: {}, mail: {} }, { events: { subscribers } }).topics).toEqual([
      { key: "events", fifo: false, subscriptions: [{ queue: "jobs" }, { queue: "mail", filter: { kind: ["order"] } }] },
    ]);
  });
});

describe("names", () => {
  test("are scope, key, and .fifo", () => {
    expect(physicalName("queue", { key: "jobs", fifo: false })).toBe("queue-jobs");
    expect(physicalName("shop-prod-queue", { key: "mail-dlq", fifo: true })).toBe("shop-prod-queue-mail-dlq.fifo");
  });

  const scope = fc.stringMatching(/^[a-z][a-z0-9-]{0,120}$/);
  const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,39}$/);
  const named = fc.record({ key, fifo: fc.boolean() });

  test("are what SQS takes, however long the scope is, and end in the whole key", () => {
    fc.assert(
      fc.property(scope, named, fc.boolean(), (of, { key: queue, fifo }, dead) => {
        const own = dead ? `${queue}-dlq` : queue;
        const name = physicalName(of, { key: own, fifo });
        expect(name).toMatch(/^[A-Za-z0-9_-]+(\.fifo)?$/);
        expect(name.length).toBeLessThanOrEqual(80);
        expect(name.endsWith(`-${own}${fifo ? ".fifo" : ""}`)).toBe(true);
      }),
    );
  });

  test("of two long scopes that begin alike differ", () => {
    const long = "a".repeat(90);
    const queue = { key: "jobs", fifo: false };
    expect(physicalName(`${long}1`, queue)).not.toBe(physicalName(`${long}2`, queue));
  });
});

describe("attributes", () => {
  const attributesOf = (args: object, key: string) => {
    const queue = messageQueueModel({ it: args }, {}).queues.find((one) => one.key === key);
    return queue ? queueAttributes(queue, (other) => `arn:${other}`) : {};
  };

  test("are those of SQS, in its units", () => {
    expect(attributesOf({ maxMessageKiB: 64, maxReceiveCount: 3, visibilityTimeoutSeconds: 0 }, "it")).toEqual({
      VisibilityTimeout: "0",
      ReceiveMessageWaitTimeSeconds: "20",
      DelaySeconds: "0",
      MessageRetentionPeriod: "345600",
      MaximumMessageSize: "65536",
      RedrivePolicy: '{"deadLetterTargetArn":"arn:it-dlq","maxReceiveCount":3}',
    });
  });

  test("of a FIFO queue say so; a standard one must not name them at all", () => {
    expect(attributesOf({ fifo: true }, "it-dlq")).toMatchObject({ FifoQueue: "true", ContentBasedDeduplication: "false" });
    expect(Object.keys(attributesOf({}, "it-dlq")).filter((name) => /Fifo|Dedup|Redrive/.test(name))).toEqual([]);
  });
});
