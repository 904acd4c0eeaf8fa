import { type PolicyCases, resource } from "../cases.ts";
import { unknown } from "../unknown.ts";

const queue = (name: string, inputs: Record<string, unknown> = {}) =>
  resource("aws:sqs/queue:Queue", name, { name: `shop-${name}`, messageRetentionSeconds: 345_600, fifoQueue: false, ...inputs });
const jobs = queue("jobs");
const dead = queue("jobs-dead", { messageRetentionSeconds: 1_209_600 });
const arn = "arn:aws:sqs:eu-central-1:123456789012:shop-jobs-dead";
const to = (maxReceiveCount: unknown) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount });

const redrive = (redrivePolicy: unknown, source = jobs) =>
  resource("aws:sqs/redrivePolicy:RedrivePolicy", "jobs-redrive", { redrivePolicy }, { from: { queueUrl: [source] } });
const byQueue = JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: ["arn:aws:sqs:eu-central-1:123456789012:shop-jobs"] });
const allow = (redriveAllowPolicy: unknown = byQueue) =>
  resource("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "jobs-allow", { redriveAllowPolicy }, { from: { queueUrl: [dead] } });
const inline = resource(
  "aws:sqs/queue:Queue",
  "jobs",
  { messageRetentionSeconds: 86_400, redrivePolicy: to(10) },
  { from: { redrivePolicy: [dead] } },
);

export const awsDeadLetterCases: Readonly<Record<string, PolicyCases>> = {
  "sqs-dead-letter": {
    compliant: [
      { title: "a queue with one for its dead letters", resources: [jobs, redrive(to(5)), dead, allow()] },
      { title: "all in the queues themselves", resources: [inline, { ...dead, inputs: { ...dead.inputs, redriveAllowPolicy: byQueue } }] },
      {
        title: "both keep messages as long as they can",
        resources: [queue("jobs", { messageRetentionSeconds: 1_209_600 }), redrive(to(1)), dead, allow()],
      },
      {
        title: "the failures of a subscription and of a rule",
        resources: [
          queue("failed"),
          resource("aws:sns/topicSubscription:TopicSubscription", "hook", {
            redrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:123456789012:shop-failed"}',
          }),
          queue("unsent"),
          resource("aws:cloudwatch/eventTarget:EventTarget", "refunds", {}, { from: { deadLetterConfig: [queue("unsent")] } }),
        ],
      },
      { title: "dead letters that go to another stack", resources: [jobs, redrive(to(5))] },
    ],
    violating: [
      { title: "no dead letters", resources: [jobs], finds: ["jobs: redrivePolicy"] },
      { title: "too many receives", resources: [jobs, redrive(to(11)), dead, allow()], finds: ["jobs-redrive: redrivePolicy.maxReceiveCount"] },
      { title: "none", resources: [jobs, redrive(to(0)), dead, allow()], finds: ["jobs-redrive: redrivePolicy.maxReceiveCount"] },
      { title: "a number in quotes", resources: [jobs, redrive(to("5")), dead, allow()], finds: ["jobs-redrive: redrivePolicy.maxReceiveCount"] },
      {
        title: "no JSON",
        resources: [jobs, redrive("5"), redrive("{"), dead, allow()],
        finds: ["jobs-redrive: redrivePolicy", "jobs-redrive: redrivePolicy"],
      },
      {
        title: "dead letters that expire first",
        resources: [jobs, redrive(to(5)), queue("jobs-dead", { redriveAllowPolicy: byQueue })],
        finds: ["jobs-dead: messageRetentionSeconds"],
      },
      {
        title: "a FIFO queue to one that is not",
        resources: [queue("jobs", { fifoQueue: true }), redrive(to(5)), dead, allow()],
        finds: ["jobs-redrive: redrivePolicy"],
      },
      { title: "every queue may put messages there", resources: [jobs, redrive(to(5)), dead], finds: ["jobs-dead: redriveAllowPolicy"] },
      {
        title: "the same, said so",
        resources: [jobs, redrive(to(5)), dead, allow('{"redrivePermission":"allowAll"}')],
        finds: ["jobs-allow: redriveAllowPolicy.redrivePermission"],
      },
      {
        title: "a name that is not known yet",
        resources: [queue("lonely"), ...unknown([queue("jobs-dead")], "jobs-dead: name")],
        finds: ["jobs-dead: redrivePolicy", "lonely: redrivePolicy"],
      },
    ],
    reads: {
      "jobs-redrive: redrivePolicy": ["jobs: redrivePolicy"],
      "jobs: messageRetentionSeconds": [],
      "jobs-dead: messageRetentionSeconds": ["jobs-dead: messageRetentionSeconds"],
      "jobs: fifoQueue": [],
      "jobs-dead: fifoQueue": [],
      "jobs-allow: redriveAllowPolicy": ["jobs-dead: redriveAllowPolicy"],
    },
  },
};
