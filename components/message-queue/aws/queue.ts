import type { TopicArgs } from "@pulumi/aws/sns/topic.js";
import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import type { Input } from "@pulumi/pulumi";
import { shortHash } from "../../../src/core/naming.ts";
import type { ResourceStatement, Statement } from "../../../src/platforms/aws/iam.ts";
import type { SettledQueue, SettledTopic } from "../model.ts";

/** Seconds that SQS uses one data key before it asks for the next. */
const keyReuseSeconds = 300;

export function queueInputs(queue: SettledQueue, name: string, key: Input<string>, tags: Readonly<Record<string, string>>): QueueArgs {
  return {
    name,
    fifoQueue: queue.fifo,
    // An id is known in the whole queue, as on the other grounds; high throughput would know it within its message group only.
    ...(queue.fifo
      ? {
          contentBasedDeduplication: queue.contentBasedDeduplication,
          deduplicationScope: "queue",
          fifoThroughputLimit: "perQueue",
        }
      : {}),
    visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
    receiveWaitTimeSeconds: queue.receiveWaitTimeSeconds,
    delaySeconds: queue.delaySeconds,
    messageRetentionSeconds: queue.messageRetentionSeconds,
    maxMessageSize: queue.maxMessageKiB * 1024,
    kmsMasterKeyId: key,
    kmsDataKeyReusePeriodSeconds: keyReuseSeconds,
    tags,
  };
}

export const topicInputs = (topic: SettledTopic, name: string, key: Input<string>, tags: Readonly<Record<string, string>>): TopicArgs => ({
  name,
  fifoTopic: topic.fifo,
  ...(topic.fifo ? { contentBasedDeduplication: false, fifoThroughputScope: "Topic" } : {}),
  kmsMasterKeyId: key,
  signatureVersion: 2,
  tags,
});

const insecure = { Bool: { "aws:SecureTransport": "false" } };

/** Nobody without TLS; topics that feed the queue, each by name. Whoever else may use it, the roles of clients say. */
export const queueStatements = (arn: string, topics: readonly string[], account: string): ResourceStatement[] => [
  { sid: "DenyWithoutTls", effect: "Deny", principal: "*", actions: ["sqs:*"], resources: [arn], conditions: insecure },
  ...(topics.length > 0
    ? [
        {
          sid: "TopicsThatFeedIt",
          principal: { Service: "sns.amazonaws.com" },
          actions: ["sqs:SendMessage"],
          resources: [arn],
          conditions: { ArnEquals: { "aws:SourceArn": topics }, StringEquals: { "aws:SourceAccount": account } },
        },
      ]
    : []),
];

/** SNS takes no `sns:*` here: publishing is what comes over the network. */
export const topicStatements = (arn: string): ResourceStatement[] => [
  { sid: "DenyWithoutTls", effect: "Deny", principal: "*", actions: ["sns:Publish"], resources: [arn], conditions: insecure },
];

/** What a client of a queue may do: send and receive, and see how long it is. */
export const queueUse = (arn: string): Statement => ({
  sid: sidOf("UseQueue", arn),
  actions: ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
  resources: [arn],
});

export const topicUse = (arn: string): Statement => ({ sid: sidOf("PublishTo", arn), actions: ["sns:Publish"], resources: [arn] });

/** Letters and digits only, and another one for each ARN. */
const sidOf = (what: string, arn: string) => `${what}${(arn.split(":").at(-1) ?? "").replace(/[^A-Za-z0-9]/g, "")}${shortHash(arn).slice(0, 6)}`;

/** `maxReceiveCount` is a number here: SQS refuses text. */
export const redrivePolicy = (deadLetters: string, maxReceiveCount: number) => JSON.stringify({ deadLetterTargetArn: deadLetters, maxReceiveCount });

/** The one queue that may send its dead letters here. */
export const redriveAllowPolicy = (source: string) => JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [source] });
