import { type PolicyCases, resource } from "../cases.ts";
import { unknown } from "../unknown.ts";
import { awsMessageAccessCases } from "./aws-message-access.ts";

const key = "arn:aws:kms:eu-central-1:123456789012:key/messages";
const arn = "arn:aws:sqs:eu-central-1:123456789012:jobs";

const queue = (inputs: Record<string, unknown>) => resource("aws:sqs/queue:Queue", "jobs", { name: "jobs", ...inputs });
const topic = (inputs: Record<string, unknown>) => resource("aws:sns/topic:Topic", "orders", { name: "orders", ...inputs });
const subscription = (inputs: Record<string, unknown>) => resource("aws:sns/topicSubscription:TopicSubscription", "hook", inputs);

const bus = resource("aws:cloudwatch/eventBus:EventBus", "shop", { name: "shop" });
const archive = (retentionDays?: number) =>
  resource("aws:cloudwatch/eventArchive:EventArchive", "shop-archive", { retentionDays }, { from: { eventSourceArn: [bus] } });
const target = (inputs: Record<string, unknown>) => resource("aws:cloudwatch/eventTarget:EventTarget", "refunds", { rule: "refunds", ...inputs });

export const awsMessagingCases: Readonly<Record<string, PolicyCases>> = {
  ...awsMessageAccessCases,
  "sqs-encrypted": {
    compliant: [
      { title: "a queue under a key of one's own", resources: [queue({ kmsMasterKeyId: key })] },
      { title: "a key that is made in the same deployment", resources: unknown([queue({ kmsMasterKeyId: key })], "jobs: kmsMasterKeyId") },
      { title: "a queue as it comes, in staging", stage: "staging", resources: [queue({})] },
    ],
    violating: [
      { title: "encryption switched off", stage: "dev", resources: [queue({ sqsManagedSseEnabled: false })], finds: ["jobs: sqsManagedSseEnabled"] },
      { title: "no key of one's own in prod", resources: [queue({ sqsManagedSseEnabled: true })], finds: ["jobs: kmsMasterKeyId"] },
      { title: "the key of AWS", resources: [queue({ kmsMasterKeyId: "alias/aws/sqs" })], finds: ["jobs: kmsMasterKeyId"] },
    ],
    reads: { "jobs: sqsManagedSseEnabled": [] },
  },
  "sns-encrypted": {
    compliant: [
      { title: "a topic under a key of one's own", resources: [topic({ kmsMasterKeyId: key, fifoTopic: true, name: "orders.fifo" })] },
      { title: "the key of AWS in staging", stage: "staging", resources: [topic({ kmsMasterKeyId: "alias/aws/sns" })] },
    ],
    violating: [
      { title: "a topic as it comes", stage: "dev", resources: [topic({})], finds: ["orders: kmsMasterKeyId"] },
      { title: "the key of AWS in prod", resources: [topic({ kmsMasterKeyId: "alias/aws/sns" })], finds: ["orders: kmsMasterKeyId"] },
      { title: "a FIFO topic without the ending", resources: [topic({ kmsMasterKeyId: key, fifoTopic: true })], finds: ["orders: name"] },
    ],
    reads: { "orders: fifoTopic": [], "orders: name": [] },
  },
  "sns-subscription-dlq": {
    compliant: [
      { title: "a hook with dead letters", resources: [subscription({ protocol: "https", redrivePolicy: '{"deadLetterTargetArn":"arn"}' })] },
      { title: "a person", resources: [subscription({ protocol: "email" })] },
    ],
    violating: [
      { title: "what cannot be delivered is lost", resources: [subscription({ protocol: "sqs" })], finds: ["hook: redrivePolicy"] },
      { title: "plain HTTP", resources: [subscription({ protocol: "http", redrivePolicy: "{}" })], finds: ["hook: protocol"] },
    ],
    reads: { "hook: protocol": [] },
  },
  "events-archive-dlq": {
    compliant: [
      { title: "a bus with an archive, and a target with dead letters", resources: [bus, archive(7), target({ deadLetterConfig: { arn } })] },
      { title: "an archive for ever", resources: [bus, archive()] },
      { title: "no archive in staging", stage: "staging", resources: [bus] },
    ],
    violating: [
      { title: "a target that loses events", resources: [target({})], finds: ["refunds: deadLetterConfig"] },
      { title: "a bus without an archive", resources: [bus], finds: ["shop: "] },
      { title: "an archive of a day less", resources: [bus, archive(6)], finds: ["shop-archive: retentionDays"] },
    ],
    reads: { "shop-archive: retentionDays": [] },
  },
};
