import { ecsService } from "../ecs-task.ts";
import type { Policy, Resource, Stack } from "../model.ts";
import { hasInput, isTrue, peek, record, records, shown, text } from "../read.ts";

const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const compositeAlarm = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

const actionable: Policy = {
  id: "alarms-actionable",
  title: "Alarms tell somebody",
  severity: "medium",
  why: "An alarm that calls nobody is found the day after, in the list of what one should have known. One that a deployment or another alarm listens to has somebody.",
  fix: "Set aws.alarmTopics in the stack file for the alarms of components; on a raw alarm name alarmActions, and leave actionsEnabled true.",
  types: [metricAlarm, compositeAlarm],
  scope: "stack",
  references: ["FSBP CloudWatch.15", "FSBP CloudWatch.17", "CKV_AWS_319"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check({ ofType, referring }) {
    for (const resource of ofType(metricAlarm, compositeAlarm)) {
      const { actionsEnabled } = resource.inputs;
      if (actionsEnabled !== undefined && !isTrue(actionsEnabled))
        yield { resource, path: "actionsEnabled", is: `${shown(actionsEnabled)}: the alarm rings and calls nobody` };
      else if (
        !hasInput(resource, "alarmActions") &&
        referring(resource, ["aws:ecs/*", "aws:codedeploy/*", "aws:route53/*", compositeAlarm]).length === 0
      )
        yield { resource, path: "alarmActions", is: `${shown(peek(resource.inputs, "alarmActions"))}: the alarm rings and calls nobody` };
    }
  },
};

interface Watched {
  readonly types: readonly string[];
  /** Input with the name that metrics know the resource by; none where AWS chooses it. */
  readonly name?: string;
  /** One alarm of each row, on any of its metrics. */
  readonly metrics: readonly (readonly string[])[];
}

const watched: readonly Watched[] = [
  { types: ["aws:rds/instance:Instance"], name: "identifier", metrics: [["CPUUtilization"], ["FreeStorageSpace"], ["DatabaseConnections"]] },
  {
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
    name: "replicationGroupId",
    metrics: [["DatabaseMemoryUsagePercentage", "FreeableMemory", "BytesUsedForCache", "Evictions"]],
  },
  { types: ["aws:sqs/queue:Queue"], name: "name", metrics: [["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"]] },
  {
    types: ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"],
    metrics: [["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"], ["TargetResponseTime"]],
  },
  { types: [ecsService], name: "name", metrics: [["RunningTaskCount"]] },
];

const present: Policy = {
  id: "alarms-present",
  title: "What can fill up, fall behind or fail has an alarm",
  severity: "medium",
  why: "A disk that fills up, a queue that nobody empties and a service that is down are seen by users first when no alarm looks at them.",
  fix: "Components bring these alarms along. Beside a raw resource make a MetricAlarm on the metric, with the resource in its dimensions.",
  types: watched.flatMap(({ types }) => types),
  scope: "stack",
  references: ["Well-Architected REL06-BP01", "AWS docs: recommended alarms"],
  levels: { dev: "disabled", staging: "advisory", prod: "mandatory" },
  *check(stack) {
    for (const { types, name, metrics } of watched)
      for (const resource of stack.ofType(...types).filter(({ inputs }) => (text(inputs.loadBalancerType) ?? "application") === "application")) {
        const seen = metricsOf(stack, resource, name === undefined ? undefined : text(peek(resource.inputs, name)));
        for (const any of metrics)
          if (!any.some((metric) => seen.has(metric))) yield { resource, path: "", is: `has no alarm on ${any.join(" or ")}` };
      }
  },
};

/** Metrics of a resource that alarms look at: by where their dimensions come from, else by its name among them. */
function metricsOf({ ofType, referring }: Stack, resource: Resource, name: string | undefined): Set<unknown> {
  const linked = new Set(["dimensions", "metricQueries"].flatMap((input) => referring(resource, [metricAlarm], input)));
  // Members of a group of caches are called after it: orders-001.
  const isNamed = (dimensions: unknown) =>
    Object.values(record(dimensions)).some((value) => name !== undefined && [value, text(value)?.replace(/-0\d\d$/, "")].includes(name));
  return new Set(
    ofType(metricAlarm).flatMap((alarm) => {
      const queries = records(peek(alarm.inputs, "metricQueries")).map(([, { metric }]) => record(metric));
      const metrics = [{ metricName: peek(alarm.inputs, "metricName"), dimensions: peek(alarm.inputs, "dimensions") }, ...queries];
      return metrics.flatMap(({ metricName, dimensions }) => (linked.has(alarm) || isNamed(dimensions) ? [metricName] : []));
    }),
  );
}

export const awsAlarmPolicies: readonly Policy[] = [actionable, present];
