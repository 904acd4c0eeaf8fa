import { readFileSync } from "node:fs";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Invocation } from "@pulumi/aws/lambda/invocation.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { quietly } from "../../core/quietly.ts";
import { allReady, boundReady } from "../../core/realise.ts";
import type { Secrets } from "../../core/text.ts";
import type { JobSpec } from "../../core/workload.ts";
import { openBindings } from "./bindings.ts";
import { cluster, clusterName } from "./cluster.ts";
import type { AwsContext } from "./context.ts";
import { allow, type Group, securityGroup } from "./groups.ts";
import { role, type Statement } from "./iam.ts";
import { logGroup, logPath } from "./logs.ts";
import { network } from "./network.ts";
import type { RunEvent } from "./runner/index.mjs";
import type { SecretKeyRef } from "./secrets.ts";
import { type Task, task } from "./task.ts";

export interface AwsJobArgs {
  readonly system: string;
  readonly secrets: Secrets;
  /** What must be there before. */
  readonly after: readonly Ready[];
  /** What it may connect to. */
  readonly reach: readonly { readonly group: Group; readonly port: number }[];
  /** Values of secrets that are there already, by variable. */
  readonly references?: Readonly<Record<string, SecretKeyRef>>;
  /** What it may call. */
  readonly statements?: readonly Statement[];
}

/** Longest that a job may take: its function ends after 15 minutes. */
export const longestJobSeconds = 840;

/**
 * A run-once task whose exit code is a gate. A small function starts the task, waits, and fails with the log of the task
 * unless it ends with 0; the resource that calls the function then fails too, so nothing that waits for it is made, it
 * stays out of the state, and the next `up` runs it again. The call is repeated when the task changes: its definition
 * names the content of its files and the versions of its secrets. A call that is cut off may be made again, so a job must
 * stand being run twice at a time; those of the library reconcile.
 *
 * Other ways were weighed. A state machine has a native wait for tasks, but nothing starts one while resources are made
 * without a lookup, and a resource with an exit code 1 in its outputs would stay in the state as done. A service with one
 * task restarts what has ended. A command on this machine needs its own credentials and tools.
 */
export function awsJob(context: AwsContext, parent: pulumi.Resource, spec: JobSpec, args: AwsJobArgs): Ready {
  return quietly(() => {
    const check = spec.when === "verify";
    const group = securityGroup(context, parent, args.system, spec.name);
    const opened = openBindings(context, parent, group, spec.bindings ?? []);
    const siblings = args.reach.flatMap((to) => allow(context, parent, group, to.group, to.port, check ? "check" : "job"));
    const rules = [...opened.ready, ...siblings];
    const statements = [...(args.statements ?? []), ...opened.statements];
    const made = task(context, parent, {
      component: args.system,
      name: spec.name,
      role: check ? "check" : "job",
      spec,
      secrets: args.secrets,
      group,
      ...(args.references ? { references: args.references } : {}),
      statements,
    });
    // A check is left for `groundplan verify` to run.
    if (check) return [made.definition];
    const run = runFunction(context, parent, spec, args.system, made);
    const event = {
      cluster: cluster(context).arn,
      taskDefinition: made.definition.arn,
      container: spec.name,
      subnets: [...network(context).private],
      securityGroups: [group.id],
      logGroup: made.logPath,
      timeoutSeconds: spec.timeoutSeconds,
    } satisfies { [Key in keyof RunEvent]: pulumi.Input<RunEvent[Key]> | pulumi.Input<string>[] };
    const call = new Invocation(
      `${spec.name}-run`,
      { functionName: run.function.name, input: pulumi.jsonStringify(event), lifecycleScope: "CREATE_ONLY" },
      context.place(parent, {
        customTimeouts: { create: `${spec.timeoutSeconds + 120}s` },
        dependsOn: allReady([...args.after, ...boundReady(spec.bindings), [...network(context).ready, ...made.ready, ...rules, ...run.ready]]),
      }),
    );
    return [call];
  });
}

const code = () => new pulumi.asset.StringAsset(readFileSync(new URL("./runner/index.mjs", import.meta.url), "utf8"));

/** The function of one job: it may start this task, and nothing else. */
function runFunction(context: AwsContext, parent: pulumi.Resource, spec: JobSpec, component: string, made: Task) {
  const name = `${spec.name}-runner`;
  const logs = logGroup(context, parent, component, name);
  const allowed = role(context, parent, name, {
    component,
    service: "lambda.amazonaws.com",
    description: `Starts the task ${spec.name} and waits for it`,
    statements: runnerStatements(context, spec.name, made, logPath(context, name)),
  });
  const runs = new LambdaFunction(
    name,
    {
      name: context.name(name, "lambda"),
      description: `Starts the task ${spec.name} and waits for its end`,
      role: allowed.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({ "index.mjs": code() }),
      timeout: 900,
      memorySize: 256,
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      tags: context.tags(component, "job", name),
    },
    context.place(parent, { deleteBeforeReplace: true, dependsOn: [...allowed.ready, logs] }),
  );
  return { function: runs, ready: [runs, ...allowed.ready, logs] };
}

function runnerStatements(
  context: AwsContext,
  job: string,
  { execution, process, logPath: taskLog }: Pick<Task, "execution" | "process" | "logPath">,
  ownLog: string,
): Statement[] {
  const inCluster = { ArnEquals: { "ecs:cluster": context.arn("ecs", `cluster/${clusterName(context)}`) } };
  return [
    {
      // Every revision: the function outlives them.
      sid: "StartTask",
      actions: ["ecs:RunTask"],
      resources: [context.arn("ecs", `task-definition/${context.name(job, "taskFamily")}:*`)],
      conditions: inCluster,
    },
    {
      // Tasks are named when they start.
      sid: "FollowTask",
      actions: ["ecs:DescribeTasks", "ecs:StopTask"],
      resources: [context.arn("ecs", `task/${clusterName(context)}/*`)],
      conditions: inCluster,
    },
    {
      sid: "TagTask",
      actions: ["ecs:TagResource"],
      resources: [context.arn("ecs", `task/${clusterName(context)}/*`)],
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      sid: "GiveTaskItsRoles",
      actions: ["iam:PassRole"],
      resources: [execution.arn, process.arn],
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    { sid: "ReadLogOfTask", actions: ["logs:GetLogEvents"], resources: [context.arn("logs", `log-group:${taskLog}:log-stream:*`)] },
    {
      sid: "WriteLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [context.arn("logs", `log-group:${ownLog}:log-stream:*`)],
    },
  ];
}
