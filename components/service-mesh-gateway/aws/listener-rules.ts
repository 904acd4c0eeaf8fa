import type { Listener } from "@pulumi/aws/lb/listener.js";
import { ListenerRule } from "@pulumi/aws/lb/listenerRule.js";
import type { lb } from "@pulumi/aws/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../../src/core/text.ts";
import type { AwsContext } from "../../../src/platforms/aws/context.ts";
import type { GatewayModel, Route } from "../model.ts";
import { loginAction } from "./auth.ts";
import { type PlannedRule, rewriteOf } from "./rules.ts";
import type { MadeTarget } from "./target-groups.ts";
import { targetKey } from "./targets.ts";

export function madeRule(
  context: AwsContext,
  component: pulumi.Resource,
  name: string,
  model: GatewayModel,
  secrets: Secrets,
  listener: Listener,
  targets: ReadonlyMap<string, MadeTarget>,
  { name: part, priority, conditions, to }: PlannedRule,
): ListenerRule {
  const actions = isRoute(to) ? routeActions(to, model, secrets, targets) : [{ type: "fixed-response", fixedResponse: to }];
  const transforms = isRoute(to) ? rewriteOf(to) : [];
  return new ListenerRule(
    `${name}-${part}`,
    {
      listenerArn: listener.arn,
      priority,
      conditions: [...conditions],
      actions: actions.map((action, index) => ({ ...action, order: index + 1 })),
      ...(transforms.length > 0 ? { transforms } : {}),
      tags: context.tags(name, "server", `${name}-${part}`),
    },
    context.place(component, { deleteBeforeReplace: true }),
  );
}

export const isRoute = (to: PlannedRule["to"]): to is Route => "upstreams" in to;

/** Whoever must log in does so first; then each request is drawn for itself. */
function routeActions(
  route: Route,
  { admin, auth }: GatewayModel,
  secrets: Secrets,
  targets: ReadonlyMap<string, MadeTarget>,
): lb.ListenerRuleAction[] {
  const groups = route.upstreams.flatMap((upstream) => {
    const made = targets.get(targetKey(upstream));
    return made ? [{ arn: made.arn, weight: upstream.weight }] : [];
  });
  return [...(auth && admin.includes(route) ? [loginAction(auth, secrets)] : []), { type: "forward", forward: { targetGroups: groups } }];
}
