import { belongsTo, partsOf } from "../aws-parts.ts";
import type { PlacedBreach, Policy, Resource, Stack } from "../model.ts";
import { hasInput, isTrue, json, number, peek, record, shown, text } from "../read.ts";

const queue = "aws:sqs/queue:Queue";
const redrivePolicy = "aws:sqs/redrivePolicy:RedrivePolicy";
const redriveAllowPolicy = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy";

/** What SQS keeps by itself, and the longest that it does. */
const usualSeconds = 345_600;
const longestSeconds = 1_209_600;

const deadLetters: Policy = {
  id: "sqs-dead-letter",
  title: "Messages that nobody can handle go to a queue of their own, and stay there",
  severity: "high",
  why: "A message that always fails comes back until it expires: it holds up the others, and then it is lost without a trace.",
  fix: "Leave deadLetters of the queues of MessageQueue as they are, and set maxReceiveCount; beside a raw Queue make a second one that keeps messages longer, a RedrivePolicy and a RedriveAllowPolicy with byQueue.",
  types: [queue, redrivePolicy, redriveAllowPolicy],
  scope: "stack",
  references: ["Control Tower sqs_dlq_check"],
  parameters: {
    receives: { meaning: "Most receives before a message is put aside", default: { dev: 10, staging: 10, prod: 10 }, minimum: 1, maximum: 1000 },
  },
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack, { parameter }) {
    const ways = waysOf(stack);
    for (const resource of stack.ofType(queue)) {
      const isSource = ways.some(({ source }) => source === resource);
      if (!isSource && !ways.some(({ to }) => to === resource) && !takesDeadLetters(stack, resource))
        yield { resource, path: "redrivePolicy", is: "is not set: a message that always fails comes back until it expires" };
    }
    for (const way of ways) yield* mismatches(way);
    for (const to of new Set(ways.flatMap(({ to }) => to ?? []))) yield* openToAll(stack, to);
    for (const { at } of ways) yield* wrongCount(at, parameter("receives"));
  },
};

/** The way of dead letters from one queue to another; an end that the stack does not have is undefined. */
interface Way {
  /** What says so: the queue itself or a RedrivePolicy. */
  readonly at: Resource;
  readonly source: Resource | undefined;
  readonly to: Resource | undefined;
}

const waysOf = (stack: Stack): Way[] =>
  stack
    .ofType(queue, redrivePolicy)
    .filter((resource) => hasInput(resource, "redrivePolicy"))
    .map((at) => ({
      at,
      source: at.type === queue ? at : stack.ofType(queue).find((owner) => belongsTo(stack, at, "queueUrl", owner, "name")),
      to: aim(stack, at),
    }));

/** The queue that an input `redrivePolicy` leads to, by where its ARN comes from, else by the name that both write down. */
function aim(stack: Stack, at: Resource): Resource | undefined {
  if ((at.propertyDependencies.redrivePolicy ?? []).length > 0) return stack.referred(at, [queue], "redrivePolicy").find((to) => to !== at);
  const name = text(record(json(at.inputs.redrivePolicy)).deadLetterTargetArn)
    ?.split(":")
    .at(-1);
  return name === undefined ? undefined : stack.ofType(queue).find(({ inputs }) => peek(inputs, "name") === name);
}

const inputsToDeadLetters = ["redrivePolicy", "deadLetterConfig", "destinationConfig"];

/** Whether something else than a queue puts its failures here, or the queue says itself what it is for. */
const takesDeadLetters = (stack: Stack, resource: Resource) =>
  hasInput(resource, "redriveAllowPolicy") ||
  partsOf(stack, resource, [redriveAllowPolicy], "queueUrl", "name").length > 0 ||
  stack.resources.some(({ propertyDependencies }) => inputsToDeadLetters.some((input) => propertyDependencies[input]?.includes(resource.urn))) ||
  stack.ofType("aws:sns/topicSubscription:TopicSubscription").some((one) => hasInput(one, "redrivePolicy") && aim(stack, one) === resource);

function* mismatches({ at, source, to }: Way): Generator<PlacedBreach> {
  if (!source || !to) return;
  const kept = (resource: Resource) => number(resource.inputs.messageRetentionSeconds) ?? usualSeconds;
  if (kept(to) <= kept(source) && kept(to) < longestSeconds) {
    const is = `${shown(to.inputs.messageRetentionSeconds)}: ${kept(to)} seconds are not longer than those of ${source.name}, and count from the first send`;
    yield { resource: to, path: "messageRetentionSeconds", is };
  }
  if (isTrue(source.inputs.fifoQueue) !== isTrue(to.inputs.fifoQueue))
    yield { resource: at, path: "redrivePolicy", is: `leads from ${source.name} to ${to.name}: one is FIFO and the other is not, which SQS refuses` };
}

function* openToAll(stack: Stack, to: Resource): Generator<PlacedBreach> {
  const input = "redriveAllowPolicy";
  const said = [to, ...partsOf(stack, to, [redriveAllowPolicy], "queueUrl", "name")].filter((resource) => hasInput(resource, input));
  if (said.length === 0) yield { resource: to, path: input, is: "is not set: every queue of the account may put messages here" };
  for (const resource of said) {
    const { redrivePermission: permission } = record(json(resource.inputs[input]));
    if (permission !== "byQueue" && permission !== "denyAll")
      yield { resource, path: `${input}.redrivePermission`, is: `${shown(permission)}: every queue of the account may put messages here` };
  }
}

function* wrongCount(resource: Resource, most: number): Generator<PlacedBreach> {
  const policy = json(resource.inputs.redrivePolicy);
  const { maxReceiveCount: count } = record(policy);
  if (typeof policy !== "object" || policy === null) yield { resource, path: "redrivePolicy", is: "is no JSON" };
  else if (typeof count !== "number") yield { resource, path: "redrivePolicy.maxReceiveCount", is: `${shown(count)}: SQS takes a number only` };
  else if (count < 1 || count > most)
    yield { resource, path: "redrivePolicy.maxReceiveCount", is: `${shown(count)}: 1 to ${most} receives are allowed` };
}

export const awsDeadLetterPolicies: readonly Policy[] = [deadLetters];
