import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import { RedriveAllowPolicy } from "@pulumi/aws/sqs/redriveAllowPolicy.js";
import { RedrivePolicy } from "@pulumi/aws/sqs/redrivePolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { type Connection, connect } from "../../../src/core/connection.ts";
import type { Realised } from "../../../src/core/platform.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { sealEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { policyDocument } from "../../../src/platforms/aws/iam.ts";
import { keyUse, kmsKey } from "../../../src/platforms/aws/kms.ts";
import type { ManagedSystem } from "../../../src/platforms/aws/managed.ts";
import type { MessageQueueModel, SettledQueue } from "../model.ts";
import { topicConnection } from "../spec.ts";
import { queueAlarms } from "./alarms.ts";
import { queueElsewhere } from "./existing.ts";
import { type QueueNames, queueNames, takenNames } from "./names.ts";
import { queueInputs, queueStatements, queueUse, redriveAllowPolicy, redrivePolicy, topicUse } from "./queue.ts";
import { makeTopic } from "./topic.ts";

/** A MessageQueue as queues of SQS and topics of SNS. */
export const messageQueueOnAws: ManagedSystem = {
  problems: (spec, context) => takenNames(context, spec.name, spec.model as MessageQueueModel),
  realise: (context, _, component, spec) => realise(context, component, spec),
  outside: queueElsewhere,
};

function realise(context: AwsContext, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  const { name } = spec;
  const model = spec.model as MessageQueueModel;
  const names = queueNames(context, name, model);
  // Each dead-letter queue stands before the queue that needs it.
  const queues = new Map<string, Made>();
  for (const queue of model.queues) queues.set(queue.key, makeQueue(context, component, name, model, names, queue, queues));
  for (const queue of model.queues) queueAlarms(context, component, name, queue, names.queue(queue.key).name);
  const made = (key: string) => queues.get(key)?.parts ?? [];
  const topics = model.topics.map((topic) => ({ topic, parts: makeTopic(context, component, name, model, names, topic, made) }));
  const of = (service: "sqs" | "sns", parts: readonly pulumi.Resource[], path: string, use: ReturnType<typeof queueUse>): Connection =>
    connect({
      system: name,
      scheme: "https",
      host: `${service}.${context.region}.amazonaws.com`,
      port: 443,
      tls: true,
      path,
      env: { AWS_REGION: context.region },
      ready: [...parts],
      // No port of a group: the client's role may call these actions, by way of the network's endpoint.
      endpoint: sealEndpoint({ statements: [use, keyUse(context, "messages", service, ["kms:Decrypt", "kms:GenerateDataKey"])], service }),
    });
  return {
    connections: Object.fromEntries([
      ...model.queues.map(({ key }) => {
        const { name: physical, arn } = names.queue(key);
        return [key, of("sqs", made(key), `/${context.account}/${physical}`, queueUse(arn))] as const;
      }),
      ...topics.map(({ topic, parts }) => {
        const { arn } = names.topic(topic.key);
        return [topicConnection(topic.key), of("sns", parts, `/${arn}`, topicUse(arn))] as const;
      }),
    ]),
  };
}

interface Made {
  readonly queue: Queue;
  readonly parts: readonly pulumi.Resource[];
}

function makeQueue(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: MessageQueueModel,
  names: QueueNames,
  settled: SettledQueue,
  others: ReadonlyMap<string, Made>,
): Made {
  const { key, redrive, deadLettersOf: source } = settled;
  const { name: physical, arn } = names.queue(key);
  const part = `${name}-${key}`;
  const replaced = context.place(component, { deleteBeforeReplace: true });
  const queue = quietly(
    () =>
      new Queue(
        part,
        queueInputs(settled, physical, kmsKey(context, "messages").arn, context.tags(name, "data", part)),
        context.placeData(component, name, { deleteBeforeReplace: true }),
      ),
  );
  // Topics send here what a subscriber of theirs gets, and what they could not deliver to it.
  const feeding = model.topics
    .filter(({ subscriptions }) => subscriptions.some((subscription) => subscription.queue === key || subscription.queue === source))
    .map((topic) => names.topic(topic.key).arn);
  const policy = quietly(
    () => new QueuePolicy(part, { queueUrl: queue.url, policy: policyDocument(queueStatements(arn, feeding, context.account)) }, replaced),
  );
  // One after another: each of them sets attributes of the same queue.
  const parts: pulumi.Resource[] = [queue, policy];
  if (source) {
    const allowed = redriveAllowPolicy(names.queue(source).arn);
    const options = { ...replaced, dependsOn: [policy] };
    parts.push(quietly(() => new RedriveAllowPolicy(part, { queueUrl: queue.url, redriveAllowPolicy: allowed }, options)));
  }
  if (redrive) {
    const options = { ...replaced, dependsOn: [policy, ...(others.get(redrive.to)?.parts ?? [])] };
    const to = redrivePolicy(names.queue(redrive.to).arn, redrive.maxReceiveCount);
    parts.push(quietly(() => new RedrivePolicy(part, { queueUrl: queue.url, redrivePolicy: to }, options)));
  }
  return { queue, parts };
}
