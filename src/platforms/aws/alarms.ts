import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../core/quietly.ts";
import type { AlarmSeverity } from "./alarm-topics.ts";
import { type AwsContext, type Owner, shared } from "./context.ts";

export interface AlarmArgs {
  readonly component: Owner;
  /** What is wrong when it rings, and what to look at. */
  readonly description: string;
  /** e.g. `AWS/RDS`. */
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Average" | "Sum" | "Maximum" | "Minimum" | "SampleCount" | "p99";
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

/** An alarm that tells the configured topics and the receivers of the stack when it rings and when it is over. */
export function alarm(context: AwsContext, parent: pulumi.Resource, name: string, args: AlarmArgs): MetricAlarm {
  const { namespace, metric, dimensions, statistic } = args;
  return figureAlarm(context, parent, name, { ...args, severity: "warning", figures: { figure: { namespace, metric, dimensions, statistic } } });
}

/** One figure of CloudWatch. */
export interface Figure {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** `Sum`, `Maximum` ..., or a percentile such as `p99`. */
  readonly statistic: string;
}

export interface FigureAlarmArgs
  extends Pick<AlarmArgs, "component" | "description" | "when" | "threshold" | "periodSeconds" | "missing" | "actions"> {
  readonly severity: AlarmSeverity;
  /** What it looks at: one figure, or several that `expression` names by their keys. */
  readonly figures: Readonly<Record<string, Figure>>;
  /** Metric math over the keys of `figures`. @default the one figure */
  readonly expression?: string;
  /** Periods that are looked at. @default 5 */
  readonly periods?: number;
  /** How many of them must be beyond the threshold. @default all */
  readonly datapoints?: number;
}

/** An alarm over one figure, or over what is computed from several. */
export function figureAlarm(context: AwsContext, parent: pulumi.Resource, name: string, args: FigureAlarmArgs): MetricAlarm {
  const told = context.alarmTopics.of(args.severity);
  const topics = told.apply((own) => [...new Set([...(args.severity === "info" ? [] : (context.aws.alarmTopics ?? [])), ...own])]);
  const made = quietly(
    () =>
      new MetricAlarm(
        `${name}-alarm`,
        {
          name: context.name(name, "alarm"),
          alarmDescription: args.description,
          ...asked(args),
          comparisonOperator: operators[args.when],
          threshold: args.threshold,
          evaluationPeriods: args.periods ?? 5,
          datapointsToAlarm: args.datapoints ?? args.periods ?? 5,
          treatMissingData: args.missing ?? "notBreaching",
          alarmActions: topics.apply((list) => [...(args.actions ?? []), ...list]),
          okActions: topics,
          tags: context.tags(args.component, "alarm", `${name}-alarm`),
        },
        context.place(parent, { deleteBeforeReplace: true }),
      ),
  );
  if (args.component !== shared) alarmsOf(context, args.component).push(name);
  return made;
}

/** Parts that have an alarm, by component: `db-disk`. What comes later reads it. */
export const alarmsOf = (context: AwsContext, component: string): string[] => context.once(`alarms of ${component}`, () => []);

function asked({ figures, expression, periodSeconds = 60 }: FigureAlarmArgs) {
  const entries = Object.entries(figures);
  const [first] = entries;
  if (expression === undefined && first) {
    const { namespace, metric, dimensions, statistic } = first[1];
    const percentile = /^p\d/.test(statistic);
    return { namespace, metricName: metric, dimensions, ...(percentile ? { extendedStatistic: statistic } : { statistic }), period: periodSeconds };
  }
  return {
    metricQueries: [
      { id: "result", expression: expression ?? "", label: "result", returnData: true },
      ...entries.map(([id, { namespace, metric, dimensions, statistic }]) => ({
        id,
        metric: { namespace, metricName: metric, dimensions, period: periodSeconds, stat: statistic },
        returnData: false,
      })),
    ],
  };
}
