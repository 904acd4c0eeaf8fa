import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../../../src/platforms/aws/alarms.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { NatsModel } from "../model.ts";
import { diskMetric, metricsNamespace, nearlyFullPercent } from "./node.ts";

/**
 * What EC2 tells of a node, and what is done about it without a person: a broken host is left, a hung system restarted.
 * EC2 does not see into a disk; how full it is, the node tells itself.
 */
export function nodeAlarms(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: NatsModel,
  node: string,
  instance: pulumi.Output<string>,
): void {
  const of = { component: name, namespace: "AWS/EC2", dimensions: { InstanceId: instance }, statistic: "Maximum", when: ">=" } as const;
  const action = (what: string) => [`arn:${context.partition}:automate:${context.region}:ec2:${what}`];
  alarm(context, component, `${node}-host`, {
    ...of,
    description: `The machine under ${node} is broken: the instance moves to another one, its volume with it`,
    metric: "StatusCheckFailed_System",
    threshold: 1,
    periods: 2,
    actions: action("recover"),
  });
  alarm(context, component, `${node}-system`, {
    ...of,
    description: `${node} does not answer its network: it is restarted`,
    metric: "StatusCheckFailed_Instance",
    threshold: 1,
    periods: 3,
    actions: action("reboot"),
  });
  alarm(context, component, `${node}-volume`, {
    ...of,
    description: `The data volume of ${node} cannot be reached: look at its state in EC2`,
    metric: "StatusCheckFailed_AttachedEBS",
    threshold: 1,
    periods: 3,
  });
  alarm(context, component, `${node}-disk`, {
    component: name,
    description: `${node} has 85 % of what its streams may take, or has not told for 15 minutes: raise storageGiB, or let messages go sooner`,
    namespace: metricsNamespace(context),
    metric: diskMetric.name,
    dimensions: { [diskMetric.dimension]: node },
    statistic: "Maximum",
    when: ">=",
    threshold: nearlyFullPercent(model),
    periodSeconds: 300,
    periods: 3,
    missing: "breaching",
  });
  alarm(context, component, `${node}-cpu`, {
    ...of,
    description: `${node} has been busy for 15 minutes: set aws.instanceType to a larger type`,
    metric: "CPUUtilization",
    statistic: "Average",
    threshold: 90,
    periodSeconds: 300,
    periods: 3,
  });
}
