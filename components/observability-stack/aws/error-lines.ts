import { LogMetricFilter } from "@pulumi/aws/cloudwatch/logMetricFilter.js";
import type * as pulumi from "@pulumi/pulumi";
import { quietly } from "../../../src/core/quietly.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { logGroupsOf } from "../../../src/platforms/aws/logs.ts";
import type { Figure } from "../catalogue/cloudwatch/model.ts";
import { figuresLogName } from "./places.ts";

const namespaceOf = (context: AwsContext) => `${context.prefix}/logs`;

/** Words by which programs mark a line as an error, as text and as JSON; the filter takes any of them. */
const pattern = '?ERROR ?FATAL ?PANIC ?"\\"level\\":\\"error\\"" ?"\\"level\\":\\"fatal\\"" ?"level=error" ?"[ERR]" ?"[FTL]"';

/**
 * Counts the lines of each log group of a component that tell of an error. A figure without dimensions, and with a name of
 * its own instead: CloudWatch takes a value for "none" only so.
 */
export function errorLines(context: AwsContext, parent: pulumi.Resource, stack: string, component: string): Readonly<Record<string, Figure>> {
  // Names of figures hold the words, too.
  const groups = logGroupsOf(context, component).filter(({ name }) => name !== figuresLogName(stack));
  const entries = groups.map(({ name, group }) => {
    const figure: Figure = { namespace: namespaceOf(context), metric: `ErrorLines-${name}`, dimensions: {}, statistic: "Sum" };
    quietly(
      () =>
        new LogMetricFilter(
          `${stack}-errors-${name}`,
          {
            name: "error-lines",
            logGroupName: group.name,
            pattern,
            metricTransformation: { namespace: figure.namespace, name: figure.metric, value: "1", defaultValue: "0", unit: "Count" },
          },
          context.place(parent, { deleteBeforeReplace: true }),
        ),
    );
    return [name, figure] as const;
  });
  return Object.fromEntries(entries);
}
