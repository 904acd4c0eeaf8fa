import { belongsTo } from "../aws-parts.ts";
import { containersOf, ecsService, taskDefinition } from "../ecs-task.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { below, isTrue, list, number, record, records, shown, text } from "../read.ts";

const cluster = "aws:ecs/cluster:Cluster";

const observable: Policy = {
  id: "ecs-observable",
  title: "Tasks write a log, and clusters count them",
  severity: "medium",
  why: "A container without a log driver takes its last words with it; without Container Insights nobody sees that fewer tasks run than wanted.",
  fix: "Components set both. In containerDefinitions set logConfiguration; on a raw cluster add the setting containerInsights with enabled or enhanced.",
  types: [taskDefinition, cluster],
  scope: "resource",
  references: ["FSBP ECS.9", "FSBP ECS.12", "CKV_AWS_65", "AWS-0034"],
  levels: { dev: "advisory", staging: "advisory", prod: "mandatory" },
  *check({ type, inputs }) {
    if (type === cluster) {
      const [index, setting] = records(inputs.settings).find(([, { name }]) => name === "containerInsights") ?? [];
      const value = text(setting?.value);
      if (value === "enabled" || value === "enhanced") return;
      yield setting
        ? { path: `settings[${index}].value`, is: `${shown(setting.value)}: nobody counts the tasks of the cluster` }
        : { path: "settings", is: "does not name containerInsights, which is off then unless the account says otherwise" };
      return;
    }
    for (const [path, { logConfiguration }] of containersOf(inputs))
      if (!text(record(logConfiguration).logDriver)) yield { path: `${path}.logConfiguration`, is: "is not set: what the container writes is lost" };
  },
};

const execAudited: Policy = {
  id: "ecs-exec-audited",
  title: "Shells in tasks are recorded",
  severity: "medium",
  why: "ECS Exec opens a shell in a running task. Without a log of its own, what was typed is lost or lies among the lines of the program, where whoever may read those reads it. What a cluster of another stack keeps cannot be seen here, so nothing is said of its services.",
  fix: "Components never turn it on. Leave enableExecuteCommand of a raw service false, or set configuration.executeCommandConfiguration of its cluster: logging OVERRIDE with a log group or bucket.",
  types: [ecsService],
  scope: "stack",
  references: ["CKV_AWS_223", "CKV_AWS_224"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(stack) {
    for (const resource of stack.ofType(ecsService).filter(({ inputs }) => isTrue(inputs.enableExecuteCommand))) {
      const clusters = stack
        .ofType(cluster)
        .filter((one) => belongsTo(stack, resource, "cluster", one, "name"))
        .map(({ inputs }) => record(below(inputs, "configuration.executeCommandConfiguration")));
      if (clusters.some(({ logging, logConfiguration }) => logging !== "OVERRIDE" || !hasPlace(record(logConfiguration))))
        yield { resource, path: "enableExecuteCommand", is: "is true, and the cluster keeps no log of such shells by itself" };
    }
  },
};

/** Where sessions go; the name of a log group that is made beside it is not known yet, so it is enough that it is there. */
const hasPlace = (configuration: Readonly<Record<string, unknown>>): boolean =>
  "cloudWatchLogGroupName" in configuration || "s3BucketName" in configuration;

const deploySafety: Policy = {
  id: "ecs-deploy-safety",
  title: "A broken release goes back before its users notice",
  severity: "high",
  why: "A release that cannot start, or answers with errors, otherwise replaces every healthy task and stays until somebody wakes up.",
  fix: "AppService sets all of it; replicas or autoscale.min is the number of tasks. On a raw service: deploymentCircuitBreaker with enable and rollback, alarms for gradual strategies, deploymentMinimumHealthyPercent 100, desiredCount, platformVersion LATEST.",
  types: [ecsService],
  scope: "resource",
  references: ["FSBP ECS.10", "CKV_AWS_332", "Well-Architected OPS06-BP04", "Well-Architected REL10-BP01"],
  parameters: {
    tasks: { meaning: "Fewest tasks of a service", default: { dev: 1, staging: 1, prod: 2 }, minimum: 0, maximum: 100 },
    canaryPercent: {
      meaning: "Largest share of requests, in percent, that a canary gets",
      default: { dev: 50, staging: 25, prod: 25 },
      minimum: 1,
      maximum: 100,
    },
  },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check({ inputs, ignoreChanges }, { parameter }) {
    // Deployments by others: what guards them is set there.
    const controller = text(below(inputs, "deploymentController.type")) ?? "ECS";
    if (controller === "ECS") yield* rollout(inputs, parameter("canaryPercent"));
    const daemon = text(inputs.schedulingStrategy) === "DAEMON";
    const healthy = number(inputs.deploymentMinimumHealthyPercent);
    if (!daemon && healthy !== undefined && healthy < 100)
      yield { path: "deploymentMinimumHealthyPercent", is: `is ${healthy}: a release stops tasks before others have taken over` };
    const tasks = number(inputs.desiredCount);
    if (!daemon && !ignoreChanges.includes("desiredCount") && (tasks ?? 0) < parameter("tasks"))
      yield {
        path: "desiredCount",
        is: `${tasks === undefined ? "is not set, which means 0" : `is ${tasks}`}; ${parameter("tasks")} is the least here, so that one may fail`,
      };
    const platform = text(inputs.platformVersion);
    if (platform !== undefined && platform !== "LATEST")
      yield { path: "platformVersion", is: `${shown(platform)}: fixes of the platform pass it by` };
  },
};

function* rollout(inputs: Resource["inputs"], canaryPercent: number) {
  const strategy = text(below(inputs, "deploymentConfiguration.strategy")) ?? "ROLLING";
  if (strategy === "ROLLING") {
    const { enable, rollback } = record(inputs.deploymentCircuitBreaker);
    if (!isTrue(enable)) yield { path: "deploymentCircuitBreaker.enable", is: `${shown(enable)}: a release that cannot start is tried for ever` };
    else if (!isTrue(rollback)) yield { path: "deploymentCircuitBreaker.rollback", is: `${shown(rollback)}: a failed release stays where it failed` };
    return;
  }
  const { enable, rollback, alarmNames } = record(inputs.alarms);
  if (!isTrue(enable) || list(alarmNames).length === 0)
    yield { path: "alarms", is: `name none that would stop the ${shown(strategy).slice(3)} release` };
  else if (!isTrue(rollback)) yield { path: "alarms.rollback", is: `${shown(rollback)}: a failed release stays where it failed` };
  if (number(below(inputs, "deploymentConfiguration.bakeTimeInMinutes")) === 0)
    yield { path: "deploymentConfiguration.bakeTimeInMinutes", is: "is 0: the tasks of before are gone when an alarm rings" };
  const percent = number(below(inputs, "deploymentConfiguration.canaryConfiguration.canaryPercent"));
  if (percent !== undefined && percent > canaryPercent)
    yield {
      path: "deploymentConfiguration.canaryConfiguration.canaryPercent",
      is: `is ${percent}; ${canaryPercent} is the most that may try a release first`,
    };
}

const scalingTarget = "aws:appautoscaling/target:Target";

const autoscaled: Policy = {
  id: "ecs-autoscaled",
  title: "Services follow their load",
  severity: "medium",
  why: "A fixed number of tasks is too many at night and too few on the day that counts.",
  fix: "Set autoscale of AppService ({ min, max }) in place of replicas; beside a raw service make an appautoscaling Target and Policy, and put desiredCount into ignoreChanges.",
  types: [ecsService, scalingTarget],
  scope: "stack",
  references: ["Well-Architected REL07-BP01", "AWS docs: service auto scaling"],
  parameters: { tasks: { meaning: "Fewest tasks that scaling may leave", default: { dev: 1, staging: 1, prod: 2 }, minimum: 0, maximum: 100 } },
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack, { parameter }) {
    for (const resource of stack.ofType(ecsService).filter(({ inputs }) => text(inputs.schedulingStrategy) !== "DAEMON")) {
      const targets = stack.ofType(scalingTarget).filter((target) => scales(stack, target, resource));
      if (targets.length === 0) yield { resource, path: "", is: "has no scaling target: load that grows meets the same number of tasks" };
      else if (resource.inputs.desiredCount !== undefined && !resource.ignoreChanges.includes("desiredCount"))
        yield { resource, path: "desiredCount", is: "is not in ignoreChanges: every update undoes what scaling has chosen" };
      for (const target of targets) yield* reach(stack, target, parameter("tasks"));
    }
  },
};

function* reach({ referring, ofType }: Stack, resource: Resource, least: number) {
  const min = number(resource.inputs.minCapacity) ?? 0;
  const max = number(resource.inputs.maxCapacity) ?? 0;
  if (min < least) yield { resource, path: "minCapacity", is: `is ${min}; ${least} is the least here, so that one may fail` };
  if (max <= min) yield { resource, path: "maxCapacity", is: `is ${max}, which leaves nothing to scale above ${min}` };
  const rules = ["aws:appautoscaling/policy:Policy", "aws:appautoscaling/scheduledAction:ScheduledAction"];
  const id = text(resource.inputs.resourceId);
  if (referring(resource, rules).length === 0 && !ofType(...rules).some(({ inputs }) => id !== undefined && inputs.resourceId === id))
    yield { resource, path: "", is: "has no policy that would ever change the number of tasks" };
}

/** By the resource that the id comes from, else by the service's name at its end. */
function scales(stack: Stack, target: Resource, service: Resource): boolean {
  const services = stack.referred(target, [ecsService], "resourceId");
  if (services.length > 0) return services.includes(service);
  const name = text(service.inputs.name);
  return name !== undefined && text(target.inputs.resourceId)?.endsWith(`/${name}`) === true;
}

export const awsServicePolicies: readonly Policy[] = [observable, execAudited, deploySafety, autoscaled];
