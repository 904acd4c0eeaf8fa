import type { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSpec } from "../../core/workload.ts";
import { alarm } from "./alarms.ts";
import { clusterName } from "./cluster.ts";
import type { AwsContext } from "./context.ts";
import { connectName, offeredPorts } from "./discovery.ts";

export interface ServiceAlarms {
  /** Those that stop a rollout. */
  readonly deployment: readonly MetricAlarm[];
}

/**
 * What rings for a service. Memory and failing answers also stop a rollout and take it back.
 *
 * ECS measures the memory of the whole task, of which the container may take `memoryShare`. What its helpers use is
 * counted, too, so it may ring a little early, and never too late.
 */
export function serviceAlarms(
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  spec: WorkloadSpec,
  memoryShare: number,
): ServiceAlarms {
  const { name } = spec;
  const dimensions = { ClusterName: clusterName(context), ServiceName: context.name(name, "service") };
  const memory = alarm(context, parent, `${name}-memory`, {
    component,
    description: `${name} uses more than 95 % of its memory and is about to be killed: raise memoryMiB, or look for a leak.`,
    namespace: "AWS/ECS",
    metric: "MemoryUtilization",
    dimensions,
    statistic: "Maximum",
    when: ">",
    threshold: Math.floor(95 * memoryShare),
    periods: 3,
  });
  alarm(context, parent, `${name}-tasks`, {
    component,
    description: `${name} has run with fewer tasks than wanted for ten minutes: see the events of the service and its log.`,
    namespace: "ECS/ContainerInsights",
    metric: "RunningTaskCount",
    dimensions,
    statistic: "Minimum",
    when: "<",
    threshold: spec.replicas,
    periods: 10,
    missing: "breaching",
  });
  const failing = offeredPorts(spec)
    .filter(([, { protocol }]) => protocol === "http")
    .map(([port]) =>
      alarm(context, parent, `${name}-errors-${port}`, {
        component,
        description: `${name} answers its clients with 5xx: see its log.`,
        namespace: "AWS/ECS",
        metric: "HTTPCode_Target_5XX_Count",
        // As the proxies of its clients count it; by service and cluster they would be counted per client.
        dimensions: { TargetDiscoveryName: connectName(context, name, port) },
        statistic: "Sum",
        when: ">=",
        threshold: 20,
        periods: 3,
      }),
    );
  return { deployment: [memory, ...failing] };
}
