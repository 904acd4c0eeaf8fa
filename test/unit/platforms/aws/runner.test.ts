import { describe, expect, test, vi } from "vitest";
import { runner, shown } from "../../../../src/platforms/aws/runner/index.mjs";

const event = {
  cluster: "arn:cluster",
  taskDefinition: "arn:task-definition/db-databases:7",
  container: "db-databases",
  subnets: ["subnet-1"],
  securityGroups: ["sg-1"],
  logGroup: "/groundplan/shop-dev/db-databases",
  timeoutSeconds: 60,
};
const taskArn = "arn:aws:ecs:eu-central-1:123456789012:task/shop-dev/0123abcd";
const stopped = (exitCode?: number, more: object = {}) => ({
  tasks: [{ lastStatus: "STOPPED", stoppedReason: "Essential container in task exited", containers: [{ name: "db-databases", exitCode }], ...more }],
});
const running = { tasks: [{ lastStatus: "RUNNING" }] };
const denied = Object.assign(new Error("not authorized to perform: ecs:RunTask"), { name: "AccessDeniedException" });

/** A world in which time passes only by sleeping. */
function world(states: readonly object[], starts: readonly (object | Error)[] = [{ tasks: [{ taskArn }] }]) {
  let clock = 0;
  const [toStart, toShow] = [[...starts], [...states]];
  const next = async <T>(list: T[]) => {
    const answer = list.length > 1 ? (list.shift() as T) : list[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const ecs = {
    runTask: vi.fn(async (_: unknown) => next(toStart)),
    describeTasks: vi.fn(async (_: unknown) => next(toShow)),
    stopTask: vi.fn(async (_: unknown) => ({})),
  };
  const logs = { getLogEvents: vi.fn(async (_: unknown) => ({ events: [{ message: "creating role app" }, { message: "FATAL: out of space" }] })) };
  const sleep = async (ms: number) => {
    clock += ms;
  };
  const run = runner({ ecs, logs, now: () => clock, sleep });
  return { ecs, logs, run: () => run(event, { getRemainingTimeInMillis: () => 900_000 - clock }) };
}

describe("the function that runs a task", () => {
  test("starts it in the private subnets without a public address, and tells when it ended with 0", async () => {
    const { ecs, run } = world([running, running, stopped(0)]);
    await expect(run()).resolves.toEqual({ exitCode: 0, task: taskArn });
    expect(ecs.runTask.mock.calls).toEqual([
      [
        {
          cluster: "arn:cluster",
          taskDefinition: "arn:task-definition/db-databases:7",
          launchType: "FARGATE",
          count: 1,
          startedBy: "groundplan",
          enableECSManagedTags: true,
          propagateTags: "TASK_DEFINITION",
          networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" } },
        },
      ],
    ]);
  });

  test("fails with the end of the log when it ended with anything else", async () => {
    const { logs, run } = world([stopped(3)]);
    await expect(run()).rejects.toThrow(
      /db-databases ended with exit code 3 \(Essential container in task exited\)\ncreating role app\nFATAL: out of space/,
    );
    expect(logs.getLogEvents.mock.calls[0]).toEqual([
      { logGroupName: "/groundplan/shop-dev/db-databases", logStreamName: "db-databases/db-databases/0123abcd", limit: 30, startFromHead: false },
    ]);
  });

  test("fails when the container never ran, with the reason", async () => {
    const { run } = world([stopped(undefined, { stoppedReason: "CannotPullContainerError: not found", containers: [] })]);
    await expect(run()).rejects.toThrow(/exit code none \(CannotPullContainerError: not found\)/);
  });

  test("stops a task that takes too long", async () => {
    const { ecs, run } = world([running]);
    await expect(run()).rejects.toThrow(/did not end within 60 seconds/);
    expect(ecs.stopTask).toHaveBeenCalledWith({ cluster: "arn:cluster", task: taskArn, reason: "took too long" });
  });

  test("waits for a role that is not known everywhere yet", async () => {
    const { ecs, run } = world([stopped(0)], [denied, denied, { tasks: [{ taskArn }] }]);
    await expect(run()).resolves.toMatchObject({ exitCode: 0 });
    expect(ecs.runTask).toHaveBeenCalledTimes(3);
  });

  test("does not wait for ever, nor for what will not come by waiting", async () => {
    await expect(world([running], [denied]).run()).rejects.toThrow(/not authorized/);
    const { ecs, run } = world([running], [{ tasks: [], failures: [{ reason: "Capacity is unavailable at this time" }] }]);
    await expect(run()).rejects.toThrow(/no task was started: Capacity is unavailable/);
    expect(ecs.runTask).toHaveBeenCalledTimes(1);
  });
});

test("a log shows no password", () => {
  const credential = `${"Ab1".repeat(10)}xy`;
  expect(shown(`postgres://app:${credential}@db/app and ${credential}`)).toBe("postgres://app:[hidden]@db/app and [hidden]");
});

test("of a log that is too long for an answer the end is told, and no cut leaves half a password", () => {
  const credential = `${"Ab1".repeat(10)}xy`;
  const text = shown(`${"a long line ".repeat(100_000)}${credential} ${"x ".repeat(3990)}end`);
  expect(text.length).toBeLessThanOrEqual(8000);
  expect(text).toMatch(/ end$/);
  expect(text).not.toMatch(/1xy/);
});
