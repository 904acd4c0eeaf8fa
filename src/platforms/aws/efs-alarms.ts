import type { FileSystem } from "@pulumi/aws/efs/fileSystem.js";
import type * as pulumi from "@pulumi/pulumi";
import { alarm, figureAlarm } from "./alarms.ts";
import type { AwsContext } from "./context.ts";

/** Disks of this kind grow by themselves, so none is ever full: they become slow. */
export function diskAlarms(context: AwsContext, parent: pulumi.Resource, component: string, system: FileSystem): void {
  const namespace = "AWS/EFS";
  const dimensions = { FileSystemId: system.id };
  alarm(context, parent, `${component}-volumes-io`, {
    component,
    description: `The volumes of ${component} are close to the most operations that a file system takes: see who reads and writes so much.`,
    namespace,
    metric: "PercentIOLimit",
    dimensions,
    statistic: "Maximum",
    when: ">",
    threshold: 90,
    periods: 10,
  });
  // Bytes of a period against bytes a second: as AWS computes the percentage of throughput.
  figureAlarm(context, parent, `${component}-volumes-throughput`, {
    component,
    description: `The volumes of ${component} are read and written almost as fast as they can be: see who reads and writes so much.`,
    severity: "warning",
    figures: {
      metered: { namespace, metric: "MeteredIOBytes", dimensions, statistic: "Sum" },
      permitted: { namespace, metric: "PermittedThroughput", dimensions, statistic: "Average" },
    },
    expression: "100 * metered / PERIOD(metered) / permitted",
    when: ">",
    threshold: 90,
    periods: 10,
  });
}
