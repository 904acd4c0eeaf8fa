import { Cluster } from "@pulumi/aws/ecs/cluster.js";
import { type AwsContext, shared } from "./context.ts";
import { connectNamespace } from "./discovery.ts";
import { logGroup } from "./logs.ts";

export const clusterName = (context: AwsContext) => context.name("", "cluster");

/** The cluster of the stack, with measurements of every task. */
export function cluster(context: AwsContext): Cluster {
  return context.once(
    "cluster",
    () =>
      new Cluster(
        "cluster",
        {
          name: clusterName(context),
          settings: [{ name: "containerInsights", value: context.sizes.containerInsights }],
          serviceConnectDefaults: { namespace: connectNamespace(context).arn },
          tags: context.tags(shared, "server", "cluster"),
        },
        context.place(context.platform, {
          deleteBeforeReplace: true,
          dependsOn: context.sizes.containerInsights === "enhanced" ? [insightsLog(context)] : [],
        }),
      ),
  );
}

/**
 * Where Container Insights writes, under the name that it chooses. Where environments come and go it is left to the
 * service, which keeps a day: what comes after a destroy would make the group again, and the next `up` would meet it.
 */
const insightsLog = (context: AwsContext) =>
  logGroup(context, context.platform, shared, "insights", `/aws/ecs/containerinsights/${clusterName(context)}/performance`);
