import { belongsTo, customerKey, takesKeyOfAws } from "../aws-parts.ts";
import type { Breach, Policy } from "../model.ts";
import { hasInput, isTrue, number, shown, text } from "../read.ts";
import { awsMessageAccessPolicies, queue, topic } from "./aws-message-access.ts";

const queueEncrypted: Policy = {
  id: "sqs-encrypted",
  title: "Queues are encrypted",
  severity: "high",
  why: "Messages wait on disks of AWS for up to 14 days; without encryption whoever gets at these reads them.",
  fix: "MessageQueue does so with the key of the stack; on a raw Queue leave sqsManagedSseEnabled out and set kmsMasterKeyId.",
  types: [queue],
  scope: "resource",
  references: ["FSBP SQS.1", "CKV_AWS_27", "CKV2_AWS_73", "AWS-0096", "AWS-0135"],
  parameters: { customerKey },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  check(resource, { parameter }): Breach[] {
    const { inputs } = resource;
    const { sqsManagedSseEnabled: managed } = inputs;
    if ((managed === false || managed === "false") && !hasInput(resource, "kmsMasterKeyId"))
      return [{ path: "sqsManagedSseEnabled", is: "is false, and no key is named: messages are not encrypted" }];
    if (parameter("customerKey") === 0 || !takesKeyOfAws(resource, "kmsMasterKeyId")) return [];
    return [{ path: "kmsMasterKeyId", is: "names no key of one's own: nobody can say who may use the key that AWS keeps" }];
  },
};

const topicEncrypted: Policy = {
  id: "sns-encrypted",
  title: "Topics are encrypted",
  severity: "high",
  why: "By itself a topic keeps messages unencrypted until they are delivered.",
  fix: "MessageQueue does so with the key of the stack; on a raw Topic set kmsMasterKeyId, and let a FIFO topic's name end with .fifo.",
  types: [topic],
  scope: "resource",
  references: ["FSBP SNS.1", "CKV_AWS_26", "AWS-0095", "AWS-0136"],
  parameters: { customerKey },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource, { parameter }) {
    const { inputs } = resource;
    if (!hasInput(resource, "kmsMasterKeyId")) yield { path: "kmsMasterKeyId", is: "is not set: messages are not encrypted" };
    else if (parameter("customerKey") > 0 && takesKeyOfAws(resource, "kmsMasterKeyId"))
      yield { path: "kmsMasterKeyId", is: "is the key that AWS keeps: other services of AWS cannot publish with it" };
    const name = isTrue(inputs.fifoTopic) ? text(inputs.name) : undefined;
    if (name !== undefined && !name.endsWith(".fifo")) yield { path: "name", is: `${shown(name)}: AWS wants .fifo at the end for a FIFO topic` };
  },
};

/** Messages to people; nobody sends them again from a queue. */
const toPeople = ["email", "email-json", "sms", "application"];

const subscriptionDeadLetters: Policy = {
  id: "sns-subscription-dlq",
  title: "Subscriptions of topics keep what they cannot deliver, and use TLS",
  severity: "medium",
  why: "What a subscriber does not take is lost after the last try when there is no queue for it; an http endpoint gets it in the clear.",
  fix: "MessageQueue does so for queues with dead letters; on a raw TopicSubscription set redrivePolicy, and https as protocol.",
  types: ["aws:sns/topicSubscription:TopicSubscription"],
  scope: "resource",
  references: ["own"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(resource) {
    const { inputs } = resource;
    const protocol = text(inputs.protocol) ?? "";
    if (protocol === "http") yield { path: "protocol", is: `${shown(protocol)}: messages travel in the clear` };
    if (!hasInput(resource, "redrivePolicy") && !toPeople.includes(protocol))
      yield { path: "redrivePolicy", is: "is not set: what cannot be delivered is lost" };
  },
};

const bus = "aws:cloudwatch/eventBus:EventBus";
const archive = "aws:cloudwatch/eventArchive:EventArchive";
const target = "aws:cloudwatch/eventTarget:EventTarget";

const events: Policy = {
  id: "events-archive-dlq",
  title: "Events can be replayed, and those that cannot be delivered are kept",
  severity: "medium",
  why: "After a fault in a consumer the events of that time are gone when no archive has them; a target without a dead-letter queue loses them after a day.",
  fix: "Make an EventArchive for each EventBus, and set deadLetterConfig of each EventTarget.",
  types: [bus, archive, target],
  scope: "stack",
  references: ["own"],
  parameters: {
    archiveDays: { meaning: "Least days that an archive keeps events", default: { dev: 1, staging: 7, prod: 7 }, minimum: 1, maximum: 3650 },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack, { stage, parameter }) {
    for (const resource of stack.ofType(target))
      if (!hasInput(resource, "deadLetterConfig"))
        yield { resource, path: "deadLetterConfig", is: "is not set: an event is lost after 24 hours of tries" };
    for (const resource of stage === "prod" ? stack.ofType(bus) : [])
      if (!stack.ofType(archive).some((one) => belongsTo(stack, one, "eventSourceArn", resource, "name")))
        yield { resource, path: "", is: "has no archive: its events cannot be replayed" };
    for (const resource of stack.ofType(archive)) {
      const days = number(resource.inputs.retentionDays) ?? 0;
      // 0 is for ever.
      if (days > 0 && days < parameter("archiveDays"))
        yield { resource, path: "retentionDays", is: `${shown(days)}: ${parameter("archiveDays")} days are the least` };
    }
  },
};

export const awsMessagingPolicies: readonly Policy[] = [queueEncrypted, topicEncrypted, ...awsMessageAccessPolicies, subscriptionDeadLetters, events];
