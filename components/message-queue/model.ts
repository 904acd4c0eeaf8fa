import { shortHash } from "../../src/core/naming.ts";
import { type Queues, type SubscriptionArgs, subscriptionOf, type Topics } from "./queues.ts";

/** What a MessageQueue declares, with every default filled in: `spec.model` for a target that has SQS and SNS. */
export interface MessageQueueModel {
  /** Each queue after the dead-letter queue that it needs. */
  readonly queues: readonly SettledQueue[];
  readonly topics: readonly SettledTopic[];
}

export interface SettledQueue {
  /** Name in the component and of its connection: `jobs`, `jobs-dlq`. */
  readonly key: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly receiveWaitTimeSeconds: number;
  readonly delaySeconds: number;
  readonly messageRetentionSeconds: number;
  readonly maxMessageKiB: number;
  /** Where a message goes after so many receives. */
  readonly redrive?: { readonly to: string; readonly maxReceiveCount: number };
  /** Set on a dead-letter queue: the one queue that may send there. */
  readonly deadLettersOf?: string;
}

export interface SettledTopic {
  readonly key: string;
  readonly fifo: boolean;
  readonly subscriptions: readonly SubscriptionArgs[];
}

export const deadLettersOf = (queue: string) => `${queue}-dlq`;

/** Longest that SQS keeps a message. */
const fourteenDays = 1_209_600;

export function messageQueueModel(queues: Queues, topics: Topics): MessageQueueModel {
  return {
    queues: Object.entries(queues).flatMap(([key, args]): SettledQueue[] => {
      const queue: SettledQueue = {
        key,
        fifo: args.fifo ?? false,
        contentBasedDeduplication: args.contentBasedDeduplication ?? false,
        visibilityTimeoutSeconds: args.visibilityTimeoutSeconds ?? 30,
        receiveWaitTimeSeconds: args.receiveWaitTimeSeconds ?? 20,
        delaySeconds: args.delaySeconds ?? 0,
        messageRetentionSeconds: args.messageRetentionSeconds ?? 345_600,
        maxMessageKiB: args.maxMessageKiB ?? 1024,
      };
      if (args.deadLetters === false) return [queue];
      const to = deadLettersOf(key);
      const dead: SettledQueue = { ...queue, key: to, delaySeconds: 0, messageRetentionSeconds: fourteenDays, deadLettersOf: key };
      return [dead, { ...queue, redrive: { to, maxReceiveCount: args.maxReceiveCount ?? 5 } }];
    }),
    topics: Object.entries(topics).map(([key, { fifo = false, subscribers }]) => ({ key, fifo, subscriptions: subscribers.map(subscriptionOf) })),
  };
}

/** Longest name of a queue, and with it of a topic. */
const longestName = 80;

/**
 * Name of a queue or topic at the service, the same function on every ground: `<scope>-<key>`, FIFO ones with the ending
 * that SQS wants. The scope is the component's name, with the prefix of the stack before it where stacks share a service;
 * one that is too long is cut and gets a hash.
 */
export function physicalName(scope: string, { key, fifo }: { readonly key: string; readonly fifo: boolean }): string {
  const tail = `-${key}${fifo ? ".fifo" : ""}`;
  const room = longestName - tail.length;
  const head = scope.length <= room ? scope : `${scope.slice(0, room - 11)}-${shortHash(scope)}`;
  return `${head}${tail}`;
}

/** Attributes that SQS takes when it makes the queue; all but those of FIFO can be set later. */
export function queueAttributes(queue: SettledQueue, arnOf: (key: string) => string): Readonly<Record<string, string>> {
  const { redrive } = queue;
  return {
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitTimeSeconds),
    DelaySeconds: String(queue.delaySeconds),
    MessageRetentionPeriod: String(queue.messageRetentionSeconds),
    MaximumMessageSize: String(queue.maxMessageKiB * 1024),
    ...(queue.fifo ? { FifoQueue: "true", ContentBasedDeduplication: String(queue.contentBasedDeduplication) } : {}),
    ...(redrive ? { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(redrive.to), maxReceiveCount: redrive.maxReceiveCount }) } : {}),
  };
}
