import { type Check, type Finding, flag, integer, isRecord, listOf, mapOf, matching, shape } from "../../src/core/checks.ts";

/** One queue, with what becomes of messages that nobody could handle. */
export interface QueueArgs {
  /**
   * First in, first out within a message group, each message once: its deduplication id is known in the whole queue.
   * @default false
   * @change replace; a new queue, the old one's messages stay behind
   */
  readonly fifo?: boolean;
  /**
   * Makes the deduplication id of a message from its body; FIFO only.
   * @default false
   * @change safe; in place on AWS, elsewhere refused
   */
  readonly contentBasedDeduplication?: boolean;
  /** Seconds that a received message is hidden from others, 0 to 43200. @default 30 @change safe */
  readonly visibilityTimeoutSeconds?: number;
  /** Seconds that a receive waits for a message (long polling), 0 to 20. @default 20 @change safe */
  readonly receiveWaitTimeSeconds?: number;
  /** Seconds until a new message can be received, 0 to 900. @default 0 @change safe */
  readonly delaySeconds?: number;
  /**
   * Seconds that a message is kept, 60 to 1209600. AWS only: elsewhere it is kept until it is deleted.
   * @default 345600
   * @change safe
   */
  readonly messageRetentionSeconds?: number;
  /** Largest message in KiB, 1 to 1024. AWS only below 1024. @default 1024 @change safe */
  readonly maxMessageKiB?: number;
  /** Receives after which a message goes to the dead-letter queue, 1 to 1000. @default 5 @unit receives @change safe */
  readonly maxReceiveCount?: number;
  /**
   * A queue `<name>-dlq` for what nobody could handle; there messages are kept for 14 days.
   * @default true
   * @change safe; switching it off is refused, but for AWS
   */
  readonly deadLetters?: boolean;
}

/** Queues by name. */
export type Queues = Readonly<Record<string, QueueArgs>>;

/** A queue that gets some of the messages of a topic. */
export interface SubscriptionArgs {
  /** Name of a queue of this component. */
  readonly queue: string;
  /** Message attribute -> values that it wants. @default everything */
  readonly filter?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
}

/** A topic, and the queues that it feeds. */
export interface TopicArgs {
  /** First in, first out; only such a topic feeds FIFO queues. @default false @change replace; a new topic */
  readonly fifo?: boolean;
  /** Queues that get a copy of each message. @change safe */
  readonly subscribers: readonly (string | SubscriptionArgs)[];
}

/** Topics by name. */
export type Topics = Readonly<Record<string, TopicArgs>>;

const word = /^[A-Za-z](?:[A-Za-z0-9_]|-(?=[A-Za-z0-9])){0,39}$/;
const name = matching(
  word,
  "1 to 40 letters, digits, _ and single hyphens, starting with a letter; .fifo is added to names of FIFO queues",
  "rename it, e.g. jobs",
);
const ownName: Check = (value, at) =>
  typeof value === "string" && value.endsWith("-dlq")
    ? [{ path: at, value, rule: "another ending than -dlq, which dead-letter queues have", fix: "rename the queue" }]
    : name(value, at);

const queue = shape<QueueArgs>({
  fifo: flag,
  contentBasedDeduplication: flag,
  visibilityTimeoutSeconds: integer(0, 43_200, "seconds"),
  receiveWaitTimeSeconds: integer(0, 20, "seconds"),
  delaySeconds: integer(0, 900, "seconds"),
  messageRetentionSeconds: integer(60, 1_209_600, "seconds"),
  maxMessageKiB: integer(1, 1024, "KiB"),
  maxReceiveCount: integer(1, 1000),
  deadLetters: flag,
});

/** A map with at least one entry. */
export const queuesCheck: Check = (value, at) =>
  isRecord(value) && Object.keys(value).length === 0
    ? [{ path: at, value, rule: "at least one queue", fix: "name one, e.g. { jobs: {} }" }]
    : mapOf(ownName, queue)(value, at);

const attribute = matching(/^[A-Za-z0-9_-]{1,256}$/, "the name of a message attribute", "use letters, digits, _ and -");
const filterValue: Check = (value, at) =>
  ["string", "number", "boolean"].includes(typeof value)
    ? []
    : [{ path: at, value, rule: "text, a number, true or false", fix: "write a plain value" }];
const subscription = shape<SubscriptionArgs>({ queue: name, filter: mapOf(attribute, listOf(filterValue, 1)) }, ["queue"]);
const subscriber: Check = (value, at) => (isRecord(value) ? subscription : name)(value, at);

export const topicsCheck: Check = mapOf(name, shape<TopicArgs>({ fifo: flag, subscribers: listOf(subscriber, 1) }, ["subscribers"]));

export const subscriptionOf = (subscriber: string | SubscriptionArgs): SubscriptionArgs =>
  typeof subscriber === "string" ? { queue: subscriber } : subscriber;

/** Rules between arguments, checked once each of them is right by itself. */
export function contradictions(queues: Queues, topics: Topics): Finding[] {
  return [...Object.entries(queues).flatMap(([key, args]) => withinQueue(`queues.${key}`, args)), ...subscriptions(queues, topics)];
}

function withinQueue(at: string, args: QueueArgs): Finding[] {
  const found: Finding[] = [];
  if (args.contentBasedDeduplication && !args.fifo) {
    const fix = "add fifo: true, or leave it out";
    found.push({ path: `${at}.contentBasedDeduplication`, value: true, rule: "a FIFO queue: a standard queue drops no duplicates", fix });
  }
  if (args.deadLetters === false && args.maxReceiveCount !== undefined) {
    const rule = "a dead-letter queue to go to after that many receives";
    found.push({ path: `${at}.maxReceiveCount`, value: args.maxReceiveCount, rule, fix: "leave out deadLetters: false, or this" });
  }
  return found;
}

function subscriptions(queues: Queues, topics: Topics): Finding[] {
  return Object.entries(topics).flatMap(([topic, { fifo = false, subscribers }]) =>
    subscribers.flatMap((subscriber, index): Finding[] => {
      const wanted = subscriptionOf(subscriber).queue;
      const path = `topics.${topic}.subscribers[${index}]`;
      const found = Object.hasOwn(queues, wanted) ? queues[wanted] : undefined;
      if (!found) return [{ path, value: wanted, rule: `a queue of this component: ${Object.keys(queues).join(", ")}`, fix: "correct the name" }];
      if (subscribers.slice(0, index).some((other) => subscriptionOf(other).queue === wanted)) {
        return [{ path, value: wanted, rule: "each queue once", fix: "remove it, or widen the filter of the first" }];
      }
      if (found.fifo && !fifo)
        return [{ path, value: wanted, rule: "a standard queue: a standard topic keeps no order", fix: "add fifo: true to the topic" }];
      return [];
    }),
  );
}
