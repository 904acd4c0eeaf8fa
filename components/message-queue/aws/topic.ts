import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { policyDocument } from "../../../src/platforms/aws/iam.ts";
import { kmsKey } from "../../../src/platforms/aws/kms.ts";
import type { MessageQueueModel, SettledTopic } from "../model.ts";
import type { QueueNames } from "./names.ts";
import { topicInputs, topicStatements } from "./queue.ts";

/** A topic with its subscribers: each queue gets the message as it was sent, and what cannot be delivered goes to its dead letters. */
export function makeTopic(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: MessageQueueModel,
  names: QueueNames,
  settled: SettledTopic,
  made: (queue: string) => readonly pulumi.Resource[],
): readonly pulumi.Resource[] {
  const part = `${name}-topic-${settled.key}`;
  const { name: physical, arn } = names.topic(settled.key);
  const replaced = context.place(component, { deleteBeforeReplace: true });
  const topic = quietly(
    () => new Topic(part, topicInputs(settled, physical, kmsKey(context, "messages").arn, context.tags(name, "data", part)), replaced),
  );
  const policy = quietly(() => new TopicPolicy(part, { arn: topic.arn, policy: policyDocument(topicStatements(arn)) }, replaced));
  const subscriptions = settled.subscriptions.map(({ queue, filter }) => {
    const deadLetters = model.queues.find(({ key }) => key === queue)?.redrive?.to;
    const inputs = {
      topic: topic.arn,
      protocol: "sqs",
      endpoint: names.queue(queue).arn,
      rawMessageDelivery: true,
      ...(filter ? { filterPolicy: JSON.stringify(filter), filterPolicyScope: "MessageAttributes" } : {}),
      ...(deadLetters ? { redrivePolicy: JSON.stringify({ deadLetterTargetArn: names.queue(deadLetters).arn }) } : {}),
    };
    const dependsOn = [...made(queue), ...(deadLetters ? made(deadLetters) : [])];
    return quietly(() => new TopicSubscription(`${part}-to-${queue}`, inputs, { ...replaced, dependsOn }));
  });
  return [topic, policy, ...subscriptions];
}
