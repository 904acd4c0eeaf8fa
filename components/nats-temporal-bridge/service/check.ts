import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type BridgeConfig, verifyRoute } from "../contract.ts";
import type { Environment } from "./config.ts";
import { reasonOf } from "./log.ts";
import { openBus } from "./nats.ts";
import { jsonPayload, openTemporal, type Temporal } from "./temporal.ts";

const patienceMs = 60_000;
const completeCommand = 4;
const completedStatus = 2;
/** gRPC's code. */
const notFound = 5;

/**
 * Sends one message through and completes its workflow itself, so that no worker of the user sees it. Prints one line;
 * answers the exit code.
 */
export async function check(env: Environment, config: BridgeConfig): Promise<number> {
  const { verifySubject: subject } = config;
  const begin = Date.now();
  let step = "connecting to NATS";
  const temporal = openTemporal(env.temporalAddress, env.temporalNamespace);
  const walk = async () => {
    const bus = await openBus(env.natsUrl);
    const id = `groundplan-verify-${randomUUID()}`;
    step = `publishing on ${subject}, which must lie within stream ${config.stream}`;
    const { stream } = await bus.streams.publish(subject, JSON.stringify({ verify: id }), { msgID: id });
    if (stream !== config.stream) throw new Error(`stream ${stream} took it`);
    step = `waiting for the bridge to start workflow ${id}`;
    await completeOne(temporal, id);
    step = `waiting until workflow ${id} is completed`;
    while ((await statusOf(temporal, id)) !== completedStatus) await sleep(200);
    await bus.connection.close();
  };
  try {
    await Promise.race([walk(), sleep(patienceMs).then(() => Promise.reject(new Error(`not within ${patienceMs / 1000} s`)))]);
    console.log(`a message on ${subject} became a workflow, completed after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    return 0;
  } catch (error) {
    console.log(`failed while ${step}: ${reasonOf(error)}`);
    return 1;
  }
}

/** Completes what is on the queue of checks until it is the wanted one; others are of checks that ended too early. */
async function completeOne({ connection, namespace }: Temporal, wanted: string): Promise<void> {
  const { taskQueue } = verifyRoute("");
  const service = connection.workflowService;
  const poll = () =>
    connection.withDeadline(Date.now() + patienceMs, () =>
      service.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue }, identity: "groundplan-verify" }),
    );
  for (;;) {
    // Temporal may be busy, or a poll may end without a task; the time for all of it is limited elsewhere.
    const task = await poll().catch(() => sleep(500));
    if (!task || task.taskToken.length === 0) continue;
    const answered = await service
      .respondWorkflowTaskCompleted({
        namespace,
        taskToken: task.taskToken,
        identity: "groundplan-verify",
        commands: [
          {
            commandType: completeCommand,
            completeWorkflowExecutionCommandAttributes: { result: { payloads: [jsonPayload("verified")] } },
          },
        ],
      })
      // The task is no longer ours when the machine was so busy that its time ran out: Temporal hands it out again.
      .catch((error: { code?: number }) => (error.code === notFound ? undefined : Promise.reject(error)));
    if (answered && task.workflowExecution?.workflowId === wanted) return;
  }
}

async function statusOf({ connection, namespace }: Temporal, workflowId: string): Promise<number | null | undefined> {
  const { workflowExecutionInfo } = await connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
  return workflowExecutionInfo?.status;
}
