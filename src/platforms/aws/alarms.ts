import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { AwsContext, Owner } from "./context.ts";

export interface AlarmArgs {
  readonly component: Owner;
  /** What is wrong when it rings, and what to look at. */
  readonly description: string;
  /** e.g. `AWS/RDS`. */
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Average" | "Sum" | "Maximum" | "Minimum" | "SampleCount";
  readonly when: ">" | ">=" | "<" | "<=";
  readonly threshold: number;
  /** @default 60 */
  readonly periodSeconds?: number;
  /** Periods in a row. @default 5 */
  readonly periods?: number;
  /** What no data means. @default "notBreaching" */
  readonly missing?: "notBreaching" | "breaching" | "missing" | "ignore";
  /** What it does besides telling the topics, as ARNs. @default nothing */
  readonly actions?: readonly string[];
}

const operators = {
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
  "<": "LessThanThreshold",
  "<=": "LessThanOrEqualToThreshold",
} as const;

/** An alarm that tells the configured topics when it rings and when it is over. */
export function alarm(context: AwsContext, parent: pulumi.Resource, name: string, args: AlarmArgs): MetricAlarm {
  const topics = [...(context.aws.alarmTopics ?? [])];
  return quietly(
    () =>
      new MetricAlarm(
        `${name}-alarm`,
        {
          name: context.name(name, "alarm"),
          alarmDescription: args.description,
          namespace: args.namespace,
          metricName: args.metric,
          dimensions: args.dimensions,
          statistic: args.statistic,
          comparisonOperator: operators[args.when],
          threshold: args.threshold,
          period: args.periodSeconds ?? 60,
          evaluationPeriods: args.periods ?? 5,
          datapointsToAlarm: args.periods ?? 5,
          treatMissingData: args.missing ?? "notBreaching",
          alarmActions: [...(args.actions ?? []), ...topics],
          okActions: topics,
          tags: context.tags(args.component, "alarm", `${name}-alarm`),
        },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
  );
}
