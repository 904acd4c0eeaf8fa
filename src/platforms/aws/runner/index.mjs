/** Starts a task of ECS, waits for its end, and fails with its log unless it ends with 0. Runs as a Lambda function. */

const pollMs = 3000;
/** Time that is kept to stop a task that takes too long and to read its log. */
const reserveMs = 20_000;
/** New roles are not known everywhere at once. */
const settleMs = 90_000;

/** @param {{ ecs: any, logs: any, now?: () => number, sleep?: (ms: number) => Promise<void> }} clients */
export function runner({ ecs, logs, now = Date.now, sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }) {
  const start = async (event) => {
    const until = now() + settleMs;
    for (;;) {
      try {
        const { tasks = [], failures = [] } = await ecs.runTask({
          cluster: event.cluster,
          taskDefinition: event.taskDefinition,
          launchType: "FARGATE",
          count: 1,
          startedBy: "groundplan",
          enableECSManagedTags: true,
          propagateTags: "TASK_DEFINITION",
          networkConfiguration: {
            awsvpcConfiguration: { subnets: event.subnets, securityGroups: event.securityGroups, assignPublicIp: "DISABLED" },
          },
        });
        if (tasks[0]) return tasks[0].taskArn;
        throw new Error(`no task was started: ${failures.map(({ reason }) => reason).join(", ")}`);
      } catch (error) {
        if (!/AccessDenied|unable to assume|role.*(invalid|not exist)/i.test(`${error.name} ${error.message}`) || now() > until) throw error;
        await sleep(pollMs);
      }
    }
  };

  const tail = async (event, taskArn) => {
    const stream = `${event.container}/${event.container}/${taskArn.split("/").at(-1)}`;
    try {
      const { events = [] } = await logs.getLogEvents({
        logGroupName: event.logGroup,
        logStreamName: stream,
        limit: mostLines,
        startFromHead: false,
      });
      return shown(events.map(({ message }) => message).join("\n"));
    } catch (error) {
      return `(no log: ${error.name})`;
    }
  };

  return async (event, context) => {
    const deadline = now() + Math.min(event.timeoutSeconds * 1000, context.getRemainingTimeInMillis() - reserveMs);
    const taskArn = await start(event);
    for (;;) {
      await sleep(pollMs);
      const { tasks = [] } = await ecs.describeTasks({ cluster: event.cluster, tasks: [taskArn] });
      const task = tasks[0];
      if (task?.lastStatus === "STOPPED") {
        const { exitCode, reason } = task.containers?.find(({ name }) => name === event.container) ?? {};
        if (exitCode === 0) return { exitCode, task: taskArn };
        const why = [task.stoppedReason, reason].filter(Boolean).join("; ");
        throw new Error(`${event.container} ended with exit code ${exitCode ?? "none"} (${why})\n${await tail(event, taskArn)}`);
      }
      if (now() > deadline) {
        await ecs.stopTask({ cluster: event.cluster, task: taskArn, reason: "took too long" });
        throw new Error(`${event.container} did not end within ${event.timeoutSeconds} seconds\n${await tail(event, taskArn)}`);
      }
    }
  };
}

/** The end of a log, in lines and in characters: one line may have 256 KiB, and an answer that is too long is lost whole. */
const mostLines = 30;
const mostCharacters = 8000;

/** Passwords in URLs and everything in the form of a generated credential are hidden, before anything is cut. */
export const shown = (text) =>
  text
    .replace(/(:\/\/[^\s:/@]*:)[^\s@]+@/g, "$1[hidden]@")
    .replace(/(?<![A-Za-z0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])/g, "[hidden]")
    .slice(-mostCharacters);

let handle;
/** The SDK comes with the runtime of Lambda. */
export async function handler(event, context) {
  if (!handle) {
    const [{ ECS }, { CloudWatchLogs }] = await Promise.all([import("@aws-sdk/client-ecs"), import("@aws-sdk/client-cloudwatch-logs")]);
    handle = runner({ ecs: new ECS({}), logs: new CloudWatchLogs({}) });
  }
  return handle(event, context);
}
