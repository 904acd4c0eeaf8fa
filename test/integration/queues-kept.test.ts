import { afterAll, beforeAll, expect, test } from "vitest";
import type { Queues } from "../../components/message-queue/queues.ts";
import { crash } from "../support/crash.ts";
import { describeDocker } from "../support/docker-tier.ts";
import { componentQueues, type QueueClient } from "../support/sqs.ts";
import { discard, lives, port, ran, up, upArgs, verifies } from "../support/stack.ts";
import { type TempProject, tempProject } from "../support/temp-project.ts";

const first = {
  jobs: { visibilityTimeoutSeconds: 31 },
  full: { visibilityTimeoutSeconds: 31 },
  spare: {},
  mail: { fifo: true },
} as const satisfies Queues;

const grown = {
  jobs: { visibilityTimeoutSeconds: 77, delaySeconds: 1, maxReceiveCount: 9 },
  mail: { fifo: true },
  more: { deadLetters: false },
} as const satisfies Queues;

const wait = { WaitTimeSeconds: 5, VisibilityTimeout: 0 };

describeDocker("queues that are kept", () => {
  let project: TempProject;
  const declare = (queues: Queues, more = "") =>
    project.topology(`new MessageQueue("queue", { platform, queues: ${JSON.stringify(queues)}, ${more} }); return {};`);
  const open = (queues: Queues): Promise<QueueClient> => componentQueues("queue", port(project, "queue.sqs"), queues);

  beforeAll(async () => {
    project = tempProject("ik");
    declare(first);
    await up(project);
    const queues = await open(first);
    await queues.send("jobs", "kept");
    await queues.send("full", "not forgotten");
    for (const id of ["1", "2", "3"]) await queues.send("mail", `m${id}`, { MessageGroupId: "g", MessageDeduplicationId: id });
  });
  afterAll(() => discard(project));

  test("a change reaches what is kept, while the server runs on", async () => {
    const lived = await lives(project, ["queue"]);
    declare(grown);
    await up(project);
    const queues = await open({ ...first, ...grown });
    const changed = await queues.attributes("jobs");
    expect(changed).toMatchObject({ VisibilityTimeout: "77", DelaySeconds: "1" });
    expect(JSON.parse(changed.RedrivePolicy ?? "{}")).toMatchObject({ maxReceiveCount: 9 });
    expect(await queues.bodies("jobs", wait)).toEqual(["kept"]);
    expect(await lives(project, ["queue"])).toEqual(lived);
  });

  test("a queue that is taken out goes when it is empty, and stays with its messages", async () => {
    const queues = await open({ ...first, ...grown });
    const names = ["full", "jobs", "jobs-dlq", "mail-dlq.fifo", "mail.fifo", "more"].map((name) => `queue-${name}`);
    expect(await queues.names()).toEqual(["groundplan-ready", ...names]);
    expect(await queues.bodies("full", wait)).toEqual(["not forgotten"]);
  });

  test("the check leaves nothing behind", async () => {
    const queues = await open(grown);
    const before = await queues.names();
    expect(await verifies(project)).toContain("send, receive, delete, and a dead letter after 2 receives; 5 queues are there");
    expect(await queues.names()).toEqual(before);
  });

  test("a server that is killed comes back with what it took", async () => {
    const queues = await open(grown);
    await queues.send("more", "before the crash");
    // The database writes out twice a second.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await crash(project, "queue");
    expect(await queues.bodies("more", wait)).toEqual(["before the crash"]);
  });

  test("a new server has the queues as they were changed, and the messages, in order", async () => {
    const before = await lives(project, ["queue"]);
    declare(grown, "memoryMiB: 288");
    await up(project);
    expect(await lives(project, ["queue"])).not.toEqual(before);
    const queues = await open({ ...first, ...grown });
    expect(await queues.attributes("jobs")).toMatchObject({ VisibilityTimeout: "77" });
    expect(await queues.bodies("jobs", wait)).toEqual(["kept"]);
    expect(await queues.bodies("full", wait)).toEqual(["not forgotten"]);
    expect(await queues.bodies("mail", { WaitTimeSeconds: 5, MaxNumberOfMessages: 10 })).toEqual(["m1", "m2", "m3"]);
  });

  test("messages come back after down and up", async () => {
    await ran(project, ["down", "dev"]);
    await up(project);
    expect(await (await open(grown)).bodies("jobs", wait)).toEqual(["kept"]);
  });

  test("what the server cannot change on a queue that exists fails, with the reason", async () => {
    declare({ ...grown, mail: { fifo: true, contentBasedDeduplication: true } });
    expect(await ran(project, upArgs, 2)).toContain("queue-mail-dlq.fifo exists and cannot change contentBasedDeduplication");
    declare({ ...grown, jobs: { deadLetters: false } });
    expect(await ran(project, upArgs, 2)).toContain("queue-jobs exists and cannot lose its dead-letter queue");
  });
});
