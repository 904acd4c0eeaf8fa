import type { SystemSpec } from "../../../src/core/system.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { AwsServer } from "../../../src/platforms/aws/endpoint.ts";
import { type ExistingQueues, regionOf, urlOf } from "../existing.ts";
import { deadLettersOf } from "../model.ts";
import { queueUse } from "./queue.ts";

/**
 * Queues of SQS in the stack's own region are reached by the endpoint of the network, and the role of a client may use them.
 * Nothing of that holds for other services, for other regions, and for who signs with a key of his own.
 */
export function queueElsewhere({ model }: SystemSpec, connection: string, { region, partition }: AwsContext): AwsServer | undefined {
  const { queues, deadLetters = {}, accessKey } = model as ExistingQueues;
  const dead = Object.entries(deadLetters).map(([name, url]) => [deadLettersOf(name), url] as const);
  const at = urlOf(Object.fromEntries([...Object.entries(queues), ...dead])[connection] ?? "");
  const [, account, name] = /^\/(\d{12})\/([\w-]+(?:\.fifo)?)$/.exec(at?.path ?? "") ?? [];
  if (accessKey || !at || regionOf(at.host) !== region || !account || !name) return undefined;
  return { statements: [queueUse(`arn:${partition}:sqs:${region}:${account}:${name}`)], service: "sqs" };
}
