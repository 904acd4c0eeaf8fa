import { describe, expect, test } from "vitest";
import {
  queueInputs,
  queueStatements,
  queueUse,
  redriveAllowPolicy,
  redrivePolicy,
  topicInputs,
  topicStatements,
  topicUse,
} from "../../../../components/message-queue/aws/queue.ts";
import type { SettledQueue } from "../../../../components/message-queue/model.ts";
import { messageQueueModel } from "../../../../components/message-queue/model.ts";
import { policyDocument } from "../../../../src/platforms/aws/iam.ts";
import { resolved } from "../../connections.ts";

const queues = messageQueueModel(
  { jobs: {}, orders: { fifo: true, contentBasedDeduplication: true, visibilityTimeoutSeconds: 60, maxReceiveCount: 3, maxMessageKiB: 256 } },
  {},
).queues;
const queue = (key: string) => queues.find((one) => one.key === key) as SettledQueue;
const arn = "arn:aws:sqs:eu-central-1:123456789012:shop-queue-jobs";

describe("queues", () => {
  test("are encrypted with a key of one's own and wait for messages", () => {
    expect(queueInputs(queue("jobs"), "shop-queue-jobs", "key", { a: "b" })).toEqual({
      name: "shop-queue-jobs",
      fifoQueue: false,
      visibilityTimeoutSeconds: 30,
      receiveWaitTimeSeconds: 20,
      delaySeconds: 0,
      messageRetentionSeconds: 345_600,
      maxMessageSize: 1_048_576,
      kmsMasterKeyId: "key",
      kmsDataKeyReusePeriodSeconds: 300,
      tags: { a: "b" },
    });
  });

  test("FIFO ones keep order within a group and know an id in all of them; their dead letters are FIFO and are kept the longest", () => {
    const fifo = { fifoQueue: true, contentBasedDeduplication: true, deduplicationScope: "queue", fifoThroughputLimit: "perQueue" };
    expect(queueInputs(queue("orders"), "shop-queue-orders.fifo", "key", {})).toMatchObject({
      ...fifo,
      visibilityTimeoutSeconds: 60,
      maxMessageSize: 262_144,
    });
    expect(queueInputs(queue("orders-dlq"), "shop-queue-orders-dlq.fifo", "key", {})).toMatchObject({ ...fifo, messageRetentionSeconds: 1_209_600 });
  });

  test("dead letters: a number of receives, and one queue that may send them", () => {
    expect(JSON.parse(redrivePolicy("dlq", 3))).toEqual({ deadLetterTargetArn: "dlq", maxReceiveCount: 3 });
    expect(JSON.parse(redriveAllowPolicy(arn))).toEqual({ redrivePermission: "byQueue", sourceQueueArns: [arn] });
  });
});

test("topics are encrypted; FIFO ones drop nothing by themselves", () => {
  expect(topicInputs({ key: "news", fifo: false, subscriptions: [] }, "shop-news", "key", {})).toEqual({
    name: "shop-news",
    fifoTopic: false,
    kmsMasterKeyId: "key",
    signatureVersion: 2,
    tags: {},
  });
  expect(topicInputs({ key: "news", fifo: true, subscriptions: [] }, "shop-news.fifo", "key", {})).toMatchObject({
    fifoTopic: true,
    contentBasedDeduplication: false,
    fifoThroughputScope: "Topic",
  });
});

describe("policies", () => {
  const documentOf = async (statements: Parameters<typeof policyDocument>[0]) => JSON.parse(await resolved(policyDocument(statements)));

  test("nobody gets to a queue without TLS, and topics only by name", async () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:shop-news";
    expect((await documentOf(queueStatements(arn, [topic], "123456789012"))).Statement).toEqual([
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: ["sqs:*"],
        Resource: [arn],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "TopicsThatFeedIt",
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: ["sqs:SendMessage"],
        Resource: [arn],
        Condition: { ArnEquals: { "aws:SourceArn": [topic] }, StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
    expect(queueStatements(arn, [], "123456789012")).toHaveLength(1);
  });

  test("nobody publishes without TLS", async () => {
    expect((await documentOf(topicStatements("t"))).Statement).toMatchObject([
      { Effect: "Deny", Principal: "*", Action: ["sns:Publish"], Resource: ["t"] },
    ]);
  });

  test("a client may send and receive on its queue, and not change or empty it", () => {
    const { actions, resources, sid } = queueUse(arn);
    expect(resources).toEqual([arn]);
    expect(actions).toEqual([
      "sqs:SendMessage",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
    ]);
    expect(sid).toMatch(/^[A-Za-z0-9]+$/);
    expect(topicUse("arn:aws:sns:x:1:news")).toMatchObject({ actions: ["sns:Publish"], resources: ["arn:aws:sns:x:1:news"] });
  });

  test("two queues never share the name of a permission: one would hide the other", () => {
    const arns = ["a-b", "ab", "a_b", "A-B"].map((name) => `arn:aws:sqs:eu-central-1:123456789012:${name}`);
    expect(new Set(arns.map((each) => queueUse(each).sid)).size).toBe(arns.length);
  });
});
