import { afterAll, beforeAll, expect, test } from "vitest";
import type { Queues } from "../../components/message-queue/queues.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { describeMoto, startMoto } from "../support/moto-tier.ts";
import { componentQueues, madeQueues, type QueueClient } from "../support/sqs.ts";
import { discard, port, up } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

/** A queue for each test that leaves something behind. */
const declared = {
  jobs: { visibilityTimeoutSeconds: 2, receiveWaitTimeSeconds: 1 },
  polled: { receiveWaitTimeSeconds: 1 },
  later: { delaySeconds: 2, receiveWaitTimeSeconds: 0 },
  failing: { visibilityTimeoutSeconds: 0, receiveWaitTimeSeconds: 0, maxReceiveCount: 3 },
  raw: { deadLetters: false, visibilityTimeoutSeconds: 0, receiveWaitTimeSeconds: 0 },
  mail: { fifo: true, visibilityTimeoutSeconds: 30, receiveWaitTimeSeconds: 0 },
  news: { fifo: true, contentBasedDeduplication: true, receiveWaitTimeSeconds: 0 },
  broken: { fifo: true, visibilityTimeoutSeconds: 0, receiveWaitTimeSeconds: 0, maxReceiveCount: 2 },
} as const satisfies Queues;

interface Server {
  /** Opens the queues, made by whoever makes them there. */
  readonly open: () => Promise<{ readonly queues: QueueClient; readonly close: () => Promise<void> }>;
  /** Name of a test -> why it cannot hold on this server. */
  readonly unfaithful: Readonly<Record<string, string>>;
}

const elasticmq: Server = {
  open: async () => {
    const project: TempProject = tempProject("iq");
    project.topology(`new MessageQueue("queue", { platform, queues: ${JSON.stringify(declared)} }); return {};`);
    const close = () => discard(project);
    try {
      await up(project);
      return { queues: await componentQueues("queue", port(project, "queue.sqs"), declared), close };
    } catch (error) {
      await close();
      throw error;
    }
  },
  unfaithful: {
    "keeps messages as long and takes them as large as declared": "ElasticMQ does not limit either; other values than its own are refused",
  },
};

const moto: Server = {
  open: async () => {
    const server = await startMoto();
    return { queues: await madeQueues("queue", server.port, declared), close: async () => server.stop() };
  },
  unfaithful: { "remembers a deduplication id after its message was handled": "moto forgets an id with its message" },
};

const inGroup = (group: string, id: string) => ({ MessageGroupId: group, MessageDeduplicationId: id });
const at = async (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function behaviour({ open, unfaithful }: Server): void {
  let queues: QueueClient;
  let close: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    ({ queues, close } = await open());
  });
  afterAll(() => close?.());

  const holds = (name: string, check: () => Promise<void>) => {
    const reason = unfaithful[name];
    if (reason) test.skip(`${name} (skipped: ${reason})`, check);
    else test(name, check);
  };

  holds("has the attributes that were declared", async () => {
    expect(await queues.attributes("jobs")).toMatchObject({ VisibilityTimeout: "2", ReceiveMessageWaitTimeSeconds: "1", DelaySeconds: "0" });
    expect(await queues.attributes("later")).toMatchObject({ VisibilityTimeout: "30", DelaySeconds: "2" });
    expect(await queues.attributes("news")).toMatchObject({ FifoQueue: "true", ContentBasedDeduplication: "true" });
    const { RedrivePolicy = "{}" } = await queues.attributes("failing");
    expect(JSON.parse(RedrivePolicy)).toEqual({ maxReceiveCount: 3, deadLetterTargetArn: expect.stringMatching(/:queue-failing-dlq$/) });
    expect(await queues.attributes("raw")).not.toHaveProperty("RedrivePolicy");
    expect(queues.url("broken-dlq")).toMatch(/\/\d{12}\/queue-broken-dlq\.fifo$/);
  });

  holds("keeps messages as long and takes them as large as declared", async () => {
    expect(await queues.attributes("jobs")).toMatchObject({ MessageRetentionPeriod: "345600", MaximumMessageSize: "1048576" });
    expect(await queues.attributes("jobs-dlq")).toMatchObject({ MessageRetentionPeriod: "1209600" });
  });

  holds("delivers what was sent, until it is deleted", async () => {
    const text = "Grüße & <tags> 'quotes' €";
    await queues.send("jobs", text, { MessageAttributes: { kind: { DataType: "String", StringValue: "greeting" } } });
    const [message] = await queues.receive("jobs");
    expect(message?.Body).toBe(text);
    expect(message?.MessageAttributes?.kind?.StringValue).toBe("greeting");
    await queues.delete("jobs", message);
    await at(2.5);
    expect(await queues.bodies("jobs")).toEqual([]);
  });

  holds("hides a received message for the visibility timeout, then delivers it again", async () => {
    await queues.send("jobs", "hidden");
    const [first] = await queues.receive("jobs");
    expect(first?.Attributes?.ApproximateReceiveCount).toBe("1");
    expect(await queues.bodies("jobs", { WaitTimeSeconds: 0 })).toEqual([]);
    const [second] = await queues.receive("jobs", { WaitTimeSeconds: 5 });
    expect([second?.Body, second?.Attributes?.ApproximateReceiveCount]).toEqual(["hidden", "2"]);
    await queues.delete("jobs", second);
  });

  holds("gives a message back at once, or keeps it longer, when asked", async () => {
    await queues.send("jobs", "returned");
    const [first] = await queues.receive("jobs");
    await queues.hide("jobs", first, 0);
    const [second] = await queues.receive("jobs", { WaitTimeSeconds: 0 });
    expect(second?.Body).toBe("returned");
    await queues.hide("jobs", second, 30);
    expect(await queues.bodies("jobs", { WaitTimeSeconds: 3 })).toEqual([]);
    await queues.delete("jobs", second);
  });

  holds("waits for a message as long as declared (long polling)", async () => {
    const began = Date.now();
    expect(await queues.bodies("polled")).toEqual([]);
    expect(Date.now() - began).toBeGreaterThan(900);
    const waiting = queues.receive("polled", { WaitTimeSeconds: 10 });
    await at(0.5);
    const sent = Date.now();
    await queues.send("polled", "awaited");
    const [message] = await waiting;
    expect(message?.Body).toBe("awaited");
    expect(Date.now() - sent).toBeLessThan(3000);
    await queues.delete("polled", message);
  });

  holds("holds a new message back for the delay", async () => {
    await queues.send("later", "delayed");
    expect(await queues.bodies("later")).toEqual([]);
    const began = Date.now();
    expect(await queues.bodies("later", { WaitTimeSeconds: 5 })).toEqual(["delayed"]);
    expect(Date.now() - began).toBeGreaterThan(1000);
  });

  holds("gives a message up after the declared number of receives: it is in the dead-letter queue, and nowhere else", async () => {
    await queues.send("failing", "poison");
    for (const count of ["1", "2", "3"]) {
      const [message] = await queues.receive("failing");
      expect([message?.Body, message?.Attributes?.ApproximateReceiveCount]).toEqual(["poison", count]);
    }
    expect(await queues.bodies("failing")).toEqual([]);
    expect(await queues.bodies("failing-dlq", { WaitTimeSeconds: 5, VisibilityTimeout: 30 })).toEqual(["poison"]);
    expect(await queues.bodies("failing")).toEqual([]);
  });

  holds("never gives a message up without a dead-letter queue", async () => {
    await queues.send("raw", "again");
    for (let count = 1; count <= 12; count++) expect(await queues.bodies("raw")).toEqual(["again"]);
  });

  holds("keeps equal messages apart in a standard queue", async () => {
    await queues.send("polled", "equal");
    await queues.send("polled", "equal");
    const first = await queues.bodies("polled");
    expect([...first, ...(await queues.bodies("polled"))]).toEqual(["equal", "equal"]);
  });

  holds("delivers in order within a group, and only when what came before is done", async () => {
    for (const id of ["1", "2", "3"]) await queues.send("mail", `a${id}`, inGroup("a", `a${id}`));
    await queues.send("mail", "b1", inGroup("b", "b1"));
    const [first] = await queues.receive("mail");
    const blocked = first?.Attributes?.MessageGroupId ?? "";
    // The group of the first one is closed until it is deleted; the other is open.
    const [other] = await queues.receive("mail");
    expect([first?.Body, other?.Body].toSorted()).toEqual(["a1", "b1"]);
    expect(other?.Attributes?.MessageGroupId).not.toBe(blocked);
    expect(await queues.bodies("mail")).toEqual([]);
    await queues.delete("mail", first);
    await queues.delete("mail", other);
    const rest = await queues.receive("mail", { MaxNumberOfMessages: 10 });
    expect(rest.map(({ Body }) => Body)).toEqual(["a2", "a3"]);
    for (const message of rest) await queues.delete("mail", message);
  });

  holds("takes a message once by its deduplication id", async () => {
    await queues.send("mail", "once", inGroup("c", "same"));
    await queues.send("mail", "twice", inGroup("c", "same"));
    const got = await queues.receive("mail", { MaxNumberOfMessages: 10 });
    expect(got.map(({ Body }) => Body)).toEqual(["once"]);
    await queues.delete("mail", got[0]);
    expect(await queues.bodies("mail")).toEqual([]);
  });

  holds("takes the same deduplication id once, whatever the group", async () => {
    await queues.send("mail", "of one", inGroup("e", "shared"));
    await queues.send("mail", "of another", inGroup("f", "shared"));
    const got = [...(await queues.receive("mail")), ...(await queues.receive("mail"))];
    expect(got.map(({ Body }) => Body)).toEqual(["of one"]);
    await queues.delete("mail", got[0]);
  });

  holds("remembers a deduplication id after its message was handled", async () => {
    await queues.send("mail", "handled", inGroup("d", "known"));
    const [message] = await queues.receive("mail");
    await queues.delete("mail", message);
    await queues.send("mail", "again", inGroup("d", "known"));
    expect(await queues.bodies("mail")).toEqual([]);
  });

  holds("takes a message once by its content where that is declared, and else wants an id", async () => {
    for (const body of ["story", "story", "another"]) await queues.send("news", body, { MessageGroupId: "g" });
    expect(await queues.bodies("news", { MaxNumberOfMessages: 10 })).toEqual(["story", "another"]);
    await expect(queues.send("mail", "no id", { MessageGroupId: "g" })).rejects.toThrow();
  });

  holds("gives up in a FIFO queue as well, and the group goes on", async () => {
    await queues.send("broken", "poison", inGroup("g", "1"));
    await queues.send("broken", "next", inGroup("g", "2"));
    for (let count = 1; count <= 2; count++) expect(await queues.bodies("broken")).toEqual(["poison"]);
    const after = [...(await queues.bodies("broken")), ...(await queues.bodies("broken"))];
    expect(new Set(after)).toEqual(new Set(["next"]));
    expect(await queues.bodies("broken-dlq", { WaitTimeSeconds: 5 })).toEqual(["poison"]);
  });

  holds("refuses what SQS refuses", async () => {
    await expect(queues.send("raw", "x".repeat(1024 * 1024 + 1))).rejects.toThrow();
    await expect(queues.receive("raw", { WaitTimeSeconds: 21 })).rejects.toThrow();
    await expect(queues.receive("raw", { MaxNumberOfMessages: 11 })).rejects.toThrow();
    await expect(queues.send("mail", "no group", { MessageDeduplicationId: "1" })).rejects.toThrow();
  });
}

describeDocker("queues as a component makes them on ElasticMQ", () => behaviour(elasticmq));
describeMoto("queues with the attributes of a component's model on moto", () => behaviour(moto));
