import { TargetGroup } from "@pulumi/aws/lb/targetGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { attachments } from "../../../src/platforms/aws/attachments.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import { tryEndpoint } from "../../../src/platforms/aws/endpoint.ts";
import { allow, type Group } from "../../../src/platforms/aws/groups.ts";
import { network } from "../../../src/platforms/aws/network.ts";
import type { Route } from "../model.ts";
import { reachedPorts, type Target, targetGroupArgs, targetKey, targetsOf } from "./targets.ts";

export interface MadeTarget {
  readonly target: Target;
  readonly arn: pulumi.Output<string>;
  readonly suffix: pulumi.Output<string>;
  /** Rules that let the load balancer in. */
  readonly ways: readonly pulumi.Resource[];
}

/** A target group for each port of a service that routes lead to, and the way there. Its name holds what replaces it. */
export function madeTargets(
  context: AwsContext,
  component: pulumi.Resource,
  gateway: string,
  from: Group,
  routes: readonly Route[],
): ReadonlyMap<string, MadeTarget> {
  const made = targetsOf(routes).flatMap((target): [string, MadeTarget][] => {
    const service = attachments(context).serviceNamed(target.workload);
    const to = tryEndpoint(target.to.endpoint)?.group;
    if (!service || !to) return [];
    const key = targetKey(target);
    const group = new TargetGroup(
      `${gateway}-${key}`,
      {
        name: context.name(`${gateway}-${key}`, "targetGroup"),
        vpcId: network(context).vpcId,
        ...targetGroupArgs(target, service),
        tags: context.tags(gateway, "server", `${gateway}-${key}`),
      },
      context.place(component),
    );
    const ways = reachedPorts(target, service).flatMap((port) => allow(context, component, from, to, port, "route"));
    return [[key, { target, arn: group.arn, suffix: group.arnSuffix, ways }]];
  });
  return new Map(made);
}
