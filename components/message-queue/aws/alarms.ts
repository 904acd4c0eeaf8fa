import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../../../src/platforms/aws/alarms.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { SettledQueue } from "../model.ts";

const quarterOfAnHour = 900;

/** A queue whose messages wait too long, and a dead-letter queue that is not empty. */
export function queueAlarms(context: AwsContext, component: pulumi.Resource, name: string, queue: SettledQueue, physical: string): void {
  const part = `${name}-${queue.key}`;
  const of = { component: name, namespace: "AWS/SQS", dimensions: { QueueName: physical }, statistic: "Maximum" } as const;
  if (queue.deadLettersOf) {
    alarm(context, component, `${part}-filled`, {
      ...of,
      description: `Nobody could handle a message of ${queue.deadLettersOf}: look at it, then start a redrive or delete it`,
      metric: "ApproximateNumberOfMessagesVisible",
      when: ">",
      threshold: 0,
      periods: 1,
    });
    return;
  }
  // A message that is tried to the last is old, but not forgotten.
  const patience = Math.max(quarterOfAnHour, queue.visibilityTimeoutSeconds * (queue.redrive?.maxReceiveCount ?? 1) + queue.delaySeconds);
  alarm(context, component, `${part}-waiting`, {
    ...of,
    description: `A message of ${queue.key} has waited for ${patience} seconds: its consumers are too few, or stand still`,
    metric: "ApproximateAgeOfOldestMessage",
    when: ">",
    threshold: patience,
  });
}
