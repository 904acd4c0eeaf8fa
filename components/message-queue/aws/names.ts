import type { Problem } from "../../../src/core/problems.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { type MessageQueueModel, physicalName } from "../model.ts";

export interface Named {
  readonly name: string;
  /** Known before it is made, so that a policy can be read in a preview. */
  readonly arn: string;
}

export interface QueueNames {
  queue(key: string): Named;
  topic(key: string): Named;
}

/** Names of queues and topics in the account, with the stack before them. */
export function queueNames(context: AwsContext, component: string, model: MessageQueueModel): QueueNames {
  const scope = `${context.prefix}-${component}`;
  const table = (service: "sqs" | "sns", entries: readonly { readonly key: string; readonly fifo: boolean }[]) =>
    new Map(
      entries.map((entry) => {
        const name = physicalName(scope, entry);
        return [entry.key, { name, arn: context.arn(service, name) }];
      }),
    );
  const queues = table("sqs", model.queues);
  const topics = table("sns", model.topics);
  const found = (named: ReadonlyMap<string, Named>, key: string): Named => {
    const entry = named.get(key);
    if (!entry) throw new Error(`${component}: the model has no "${key}"`);
    return entry;
  };
  return { queue: (key) => found(queues, key), topic: (key) => found(topics, key) };
}

/** Queue `b-c` of component `a` and queue `c` of component `a-b` would be one: names are one list in the account. */
export function takenNames(context: AwsContext, component: string, model: MessageQueueModel): Problem[] {
  const owners = context.once("queue-names", () => new Map<string, string>());
  return model.queues.flatMap(({ key, deadLettersOf }): Problem[] => {
    // Those for dead letters meet when their queues do.
    if (deadLettersOf !== undefined) return [];
    const name = `${component}-${key}`;
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, component);
    if (owner === undefined || owner === component) return [];
    const rule = `a queue that is not called ${name} in the account, as one of ${owner} is`;
    return [{ component, path: `queues.${key}`, value: key, rule, fix: "rename one of the two" }];
  });
}
