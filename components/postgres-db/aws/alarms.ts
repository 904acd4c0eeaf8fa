import type { Instance } from "@pulumi/aws/rds/instance.js";
import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../../../src/platforms/aws/alarms.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { PostgresModel } from "../model.ts";
import { manyConnections } from "./connections.ts";
import { diskGiB } from "./instance.ts";

const gibibyte = 1024 ** 3;

/** What tells that an instance is in need: of CPU, disk or connections. */
export function databaseAlarms(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  part: string,
  model: PostgresModel,
  instance: Instance,
): void {
  const of = {
    component: name,
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: instance.identifier },
    statistic: "Average",
    periodSeconds: 300,
    periods: 3,
  } as const;
  const type = model.aws.instanceClass ?? context.sizes.databaseClass;
  alarm(context, component, `${part}-cpu`, {
    ...of,
    description: `${part} has been busy for 15 minutes: look at its insights, or set aws.instanceClass to a larger class`,
    metric: "CPUUtilization",
    when: ">=",
    threshold: 90,
  });
  alarm(context, component, `${part}-disk`, {
    ...of,
    description: `The disk of ${part} is nearly full and has stopped growing by itself: raise aws.maxStorageGiB`,
    metric: "FreeStorageSpace",
    when: "<",
    // RDS grows a disk before it comes to this, up to its largest size.
    threshold: Math.floor(diskGiB(model) * 0.05 * gibibyte),
  });
  const many = manyConnections(model, type);
  if (many !== undefined) {
    alarm(context, component, `${part}-connections`, {
      ...of,
      description: `${part} has nearly all connections in use: use aws.proxy, or raise maxConnections`,
      metric: "DatabaseConnections",
      when: ">=",
      threshold: many,
    });
  }
}
