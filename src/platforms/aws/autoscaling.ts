import { Policy } from "@pulumi/aws/appautoscaling/policy.js";
import { Target } from "@pulumi/aws/appautoscaling/target.js";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSpec } from "../../core/workload.ts";
import { clusterName } from "./cluster.ts";
import type { AwsContext } from "./context.ts";

/** Tasks that follow the load: more within a minute, fewer after five. */
export function autoscaling(
  context: AwsContext,
  parent: pulumi.Resource,
  component: string,
  { name, autoscale }: Pick<WorkloadSpec, "name" | "autoscale">,
  service: pulumi.Resource,
): pulumi.Resource[] {
  if (!autoscale) return [];
  const place = { serviceNamespace: "ecs", scalableDimension: "ecs:service:DesiredCount" };
  const resourceId = `service/${clusterName(context)}/${context.name(name, "service")}`;
  const target = new Target(
    `${name}-scaling`,
    { ...place, resourceId, minCapacity: autoscale.min, maxCapacity: autoscale.max, tags: context.tags(component, "server", `${name}-scaling`) },
    context.place(parent, { deleteBeforeReplace: true, dependsOn: [service] }),
  );
  const policy = new Policy(
    `${name}-scaling-cpu`,
    {
      ...place,
      name: context.name(`${name}-cpu`, "alarm"),
      resourceId: target.resourceId,
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: autoscale.cpuPercent,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    },
    context.place(parent, { deleteBeforeReplace: true }),
  );
  return [target, policy];
}
