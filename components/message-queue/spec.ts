import { aPlatform, integer, isRecord, problemsOf, type Rules } from "../../src/core/checks.ts";
import type { ConnectionSpec } from "../../src/core/connection.ts";
import { checkJob, digestOf, filesFolder as folder, sizeAsks, tableContainer, tableServer } from "../../src/core/parts.ts";
import type { Settled } from "../../src/core/platform.ts";
import { http } from "../../src/core/probe.ts";
import type { Ask, SystemSpec } from "../../src/core/system.ts";
import type { WorkloadSpec } from "../../src/core/workload.ts";
import { existingQueuesCheck, existingQueuesSpec } from "./existing.ts";
import type { MessageQueueArgs } from "./message-queue.ts";
import { deadLettersOf, messageQueueModel, physicalName } from "./model.ts";
import { contradictions, type Queues, queuesCheck, type Topics, topicsCheck } from "./queues.ts";
import { checkScript, reconcileScript } from "./scripts.ts";
import { clientEnv, heapArgument, port, queuePath, readyPath, serverConfig } from "./server.ts";

export const messageQueueRules: Rules<MessageQueueArgs> = {
  platform: aPlatform,
  queues: queuesCheck,
  topics: topicsCheck,
  memoryMiB: integer(192, 65_536, "MiB"),
  storageGiB: integer(1, 65_536, "GiB"),
  existing: existingQueuesCheck,
};

/** Everything about queues that does not depend on the target. */
export function messageQueueSpec(name: string, settled: Settled<MessageQueueArgs>): SystemSpec {
  const own = ownQueues(name, settled);
  const { existing } = settled.args;
  return existing === undefined || settled.problems.length > 0 ? own : existingQueuesSpec(own, settled, existing);
}

function ownQueues(name: string, { args, profile, problems, origins }: Settled<MessageQueueArgs>): SystemSpec {
  // Wrong arguments are reported and not used: defaults take their place.
  const given: Partial<MessageQueueArgs> = problems.length > 0 ? {} : args;
  const { queues = {}, topics = {}, storageGiB = profile.storageGiB, memoryMiB = profile.resources.broker.memoryMiB } = given;
  const model = messageQueueModel(queues, topics);
  const named = model.queues.map((queue) => ({ queue, name: physicalName(name, queue) }));
  const client = tableContainer("toolbox", profile.resources.job);
  const server: WorkloadSpec = {
    ...tableContainer("elasticmq", { memoryMiB, cpus: profile.resources.broker.cpus }),
    ...tableServer("elasticmq"),
    name,
    replicas: 1,
    identity: "any",
    // Behind the image's own entry point, whose options these replace.
    command: [`-Dconfig.file=${folder}/elasticmq.conf`, heapArgument(memoryMiB)],
    files: [{ path: `${folder}/elasticmq.conf`, content: serverConfig }],
    volumes: [{ name: "data", path: "/data", storageGiB, format: "elasticmq-h2" }],
    ports: { sqs: { port, protocol: "sqs", published: profile.publishData } },
    probe: http(readyPath()),
  };
  return {
    kind: "MessageQueue",
    name,
    problems: problems.length > 0 ? problems : problemsOf(name, contradictions(queues, topics), origins),
    warnings: [],
    digest: digestOf("MessageQueue", profile, server),
    secrets: {},
    workloads: [server],
    jobs: [
      {
        ...client,
        name: `${name}-queues`,
        when: "up",
        joins: name,
        after: [name],
        entrypoint: ["sh", `${folder}/reconcile.sh`],
        files: [{ path: `${folder}/reconcile.sh`, content: reconcileScript(name, named) }],
        volumes: [],
        timeoutSeconds: 120,
      },
      checkJob(name, client, checkScript(name, named)),
    ],
    connections: connectionsOf(name, args),
    model,
    asks: [...sizeAsks(given), ...asksOf(queues, topics)],
  };
}

/** A connection for each queue and topic, also when the arguments are not right, so that what binds to them is not reported in their stead. */
function connectionsOf(name: string, args: MessageQueueArgs): Record<string, ConnectionSpec> {
  const keys = (value: unknown) => (isRecord(value) ? Object.entries(value) : []);
  const at = (path: string): ConnectionSpec => ({ scheme: "http", workload: name, port: "sqs", path, env: clientEnv });
  const queues = keys(args.queues).flatMap(([key, queue]) => {
    const fifo = isRecord(queue) && queue.fifo === true;
    const own = [key, ...(isRecord(queue) && queue.deadLetters === false ? [] : [deadLettersOf(key)])];
    return own.map((one) => [one, at(queuePath(physicalName(name, { key: one, fifo })))] as const);
  });
  return Object.fromEntries([...queues, ...keys(args.topics).map(([key]) => [topicConnection(key), at("")] as const)]);
}

/** Topics and queues may have the same names. */
export const topicConnection = (topic: string) => `topic ${topic}`;

/** What only SQS and SNS themselves can do. */
const asksOf = (queues: Queues, topics: Topics): Ask[] => [
  ...Object.entries(queues).flatMap(([key, { messageRetentionSeconds, maxMessageKiB }]): Ask[] => [
    ...(messageRetentionSeconds === undefined
      ? []
      : [{ capability: "messageRetention" as const, path: `queues.${key}.messageRetentionSeconds`, value: messageRetentionSeconds }]),
    ...(maxMessageKiB === undefined || maxMessageKiB === 1024
      ? []
      : [{ capability: "maxMessage" as const, path: `queues.${key}.maxMessageKiB`, value: maxMessageKiB }]),
  ]),
  ...Object.keys(topics).map((key): Ask => ({ capability: "topics", path: `topics.${key}`, value: key })),
];
