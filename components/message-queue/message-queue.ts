import * as pulumi from "@pulumi/pulumi";
import { type Connection, summariesOf } from "../../src/core/connection.ts";
import { elsewhere } from "../../src/core/existing-spec.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { ExistingQueues } from "./existing.ts";
import { deadLettersOf } from "./model.ts";
import type { Queues, Topics } from "./queues.ts";
import { readyPath } from "./server.ts";
import { messageQueueRules, messageQueueSpec, topicConnection } from "./spec.ts";

/** What a MessageQueue takes. */
export interface MessageQueueArgs<Q extends Queues = Queues, T extends Topics = Topics> {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Queues by name. Reconciled at every `up`: one that is taken out goes with its messages on AWS, where data is guarded only
   * after `pulumi state unprotect` or `groundplan retire`; elsewhere it goes when it is empty and stays when it is not.
   * @change safe
   */
  readonly queues: Q;
  /** Topics by name, each of which copies its messages to several queues. AWS only. @default none @change safe */
  readonly topics?: T;
  /**
   * Memory of the server in MiB, 60 % of it for its heap. Unused on AWS.
   * @default by profile: 256 (dev), 512 (staging), 2048 (prod)
   * @change restart
   */
  readonly memoryMiB?: number;
  /**
   * Disk for messages in GiB. Not enforced on Docker, unused on AWS.
   * @default by profile: 5 (dev), 20 (staging), 100 (prod)
   * @change safe
   */
  readonly storageGiB?: number;
  /**
   * Queues that are there already, in place of those of this stack: mostly written into the stack file of an environment.
   * @default none
   * @change replace; the queues of the stack and their messages go, and while they are protected the engine refuses to
   */
  readonly existing?: ExistingQueues;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** Queues that are there already. */
export interface ExistingQueuesArgs<U extends Readonly<Record<string, string>> = Readonly<Record<string, string>>> extends ExistingQueues {
  /** The ground that services are made on: the one that the topology gets. */
  readonly platform: Platform;
  readonly queues: U;
}

/** Queues that have a dead-letter queue. */
type WithDeadLetters<Q extends Queues> = { [K in keyof Q as Q[K] extends { readonly deadLetters: false } ? never : K]: Connection };

/** SQS queues with dead-letter queues, and topics that feed several of them. */
export class MessageQueue<const Q extends Queues = Queues, const T extends Topics = Topics> extends pulumi.ComponentResource {
  /** How services reach each queue; the URI is the queue's URL. */
  readonly queues: { readonly [K in keyof Q]: Connection };
  /** How whoever looks after failures reaches what each queue gave up. */
  readonly deadLetters: Readonly<WithDeadLetters<Q>>;
  /** How services publish to each topic. */
  readonly topics: { readonly [K in keyof T]: Connection };
  /** Its logs, and whether it is there: the server has no figures. */
  readonly observed: Observed;

  /** Queues that are there already: the same connections, and nothing that is made. A stack file may still say `existing: null`. */
  static existing<const U extends Readonly<Record<string, string>>>(
    name: string,
    { platform, ...existing }: ExistingQueuesArgs<U>,
    opts?: pulumi.ComponentResourceOptions,
  ): MessageQueue<{ readonly [K in keyof U]: Record<never, never> }> {
    const queues = Object.fromEntries(Object.keys(existing.queues).map((name) => [name, {}]));
    return new MessageQueue(name, { platform, queues, existing }, opts) as unknown as MessageQueue<{ readonly [K in keyof U]: Record<never, never> }>;
  }

  constructor(name: string, args: MessageQueueArgs<Q, T>, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle<MessageQueueArgs>(name, args, messageQueueRules, ["queues"]);
    const spec = args.platform.shape(messageQueueSpec(name, settled));
    super("groundplan:index:MessageQueue", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    const named = (keys: object | undefined, of: (key: string) => string) =>
      Object.fromEntries(Object.keys(keys ?? {}).flatMap((key) => (connections[of(key)] ? [[key, connections[of(key)]]] : [])));
    this.queues = named(settled.args.queues, (key) => key) as typeof this.queues;
    this.deadLetters = named(settled.args.queues, deadLettersOf) as typeof this.deadLetters;
    this.topics = named(settled.args.topics, topicConnection) as typeof this.topics;
    const facts = { queues: Object.keys(this.queues), deadLetters: Object.keys(this.deadLetters).map(deadLettersOf) };
    const [from] = Object.values(this.queues) as Connection[];
    this.observed = { kind: spec.kind, name, replicas: 1, ...(from ? { health: { from, path: readyPath() } } : {}), facts, ...elsewhere(spec) };
    this.registerOutputs({ ...spec.digest, connections: summariesOf(connections) });
  }
}
