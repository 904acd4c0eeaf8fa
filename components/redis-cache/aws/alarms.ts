import * as pulumi from "@pulumi/pulumi";
import type { SystemSpec } from "../../../src/core/system.ts";
import { alarm } from "../../../src/platforms/aws/alarms.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { RedisModel } from "../model.ts";
import { nodesOf } from "./group.ts";

/** What tells that a node is in need: of CPU, or of memory. ElastiCache numbers the nodes of a group: `<id>-001`. */
export function cacheAlarms(context: AwsContext, component: pulumi.Resource, { name, model }: SystemSpec, id: pulumi.Output<string>): void {
  const nodes = nodesOf(model as RedisModel, context.sizes);
  for (let index = 1; index <= nodes; index++) {
    const node = {
      component: name,
      namespace: "AWS/ElastiCache",
      dimensions: { CacheClusterId: pulumi.interpolate`${id}-00${index}` },
      statistic: "Average",
      when: ">=",
      periodSeconds: 300,
      periods: 3,
    } as const;
    alarm(context, component, `${name}-${index}-cpu`, {
      ...node,
      description: `Node ${index} of ${name} has been busy for 15 minutes: look at the slow log, or set aws.nodeType to a larger type`,
      metric: "EngineCPUUtilization",
      threshold: 90,
    });
    alarm(context, component, `${name}-${index}-memory`, {
      ...node,
      description: `Node ${index} of ${name} is nearly full: by maxMemoryPolicy it drops keys or refuses writes`,
      metric: "DatabaseMemoryUsagePercentage",
      threshold: 85,
    });
  }
}
