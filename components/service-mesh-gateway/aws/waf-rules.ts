import type { wafv2 } from "@pulumi/aws/types/input.js";
import { managedRules } from "../aws-args.ts";
import type { GatewayModel, Route } from "../model.ts";
import { greaterThan } from "./body-size.ts";
import { allRoutes, depthOf } from "./hosts.ts";
import { managedRule } from "./waf-managed.ts";
import { labelled, labelOf, refuse, type Unordered } from "./waf-parts.ts";
import { clientRule, rateRule } from "./waf-rates.ts";

type Rule = wafv2.WebAclRule;
type Statement = wafv2.WebAclRuleStatement;

const MiB = 1024 * 1024;
/** Bytes of a body that WAF sees of a load balancer. */
export const seenBytes = 8192;

/** Figures by rule; no samples: those show headers as they came. */
export const visibility = (metricName: string) => ({ cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false });

/**
 * In order: which route a request is for, as a label; limits of rate for each client, for all routes and by that label; limits of
 * bodies; then what AWS knows to be bad. A rule that only puts a label on ends nothing.
 */
export function wafRules(model: GatewayModel): Rule[] {
  const ordered = [
    ...routeLabels(allRoutes(model)),
    ...clientRule(model),
    ...allRoutes(model).flatMap(rateRule),
    ...bodyRules(allRoutes(model)),
    ...managedRules.map((group) => managedRule(group, model.countOnly.includes(group))),
  ];
  return ordered.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) }));
}

const asItIs = [{ priority: 0, type: "NONE" }];
const escaped = (text: string) => text.replaceAll(".", String.raw`\.`);

const pathMatches = ({ path }: Route) => ({
  regexMatchStatement: {
    regexString: path === "/" ? "^/" : `^${escaped(path)}(/|$)`,
    fieldToMatch: { uriPath: {} },
    textTransformations: asItIs,
  },
});
const hostMatches = (host: string) => ({
  regexMatchStatement: {
    regexString: `^${escaped(host)}(:443)?$`,
    fieldToMatch: { singleHeader: { name: "host" } },
    textTransformations: [{ priority: 0, type: "LOWERCASE" }],
  },
});

/** The route that the load balancer will choose: the first that matches puts its label on. */
function routeLabels(routes: readonly Route[]): Unordered[] {
  if (!routes.some(({ rateLimit }) => rateLimit) && sizesOf(routes).length < 2) return [];
  const rank = ({ path, host }: Route) => 2 * depthOf(path) + (host === undefined ? 0 : 1);
  return routes
    .toSorted((a, b) => rank(b) - rank(a))
    .map((route) => ({
      name: `route-${route.name}`,
      action: { count: {} },
      ruleLabels: [{ name: labelOf(route) }],
      statement: {
        andStatement: {
          statements: [
            pathMatches(route),
            ...(route.host === undefined ? [] : [hostMatches(route.host)]),
            { notStatement: { statement: labelled("route:", "NAMESPACE") } },
          ],
        },
      },
    }));
}

const sizesOf = (routes: readonly Route[]): number[] => [...new Set(routes.map(({ maxBodyMiB }) => maxBodyMiB))].toSorted((a, b) => a - b);

/** By what a request says about its body; one that says nothing has to be small enough to be seen whole. */
function bodyRules(routes: readonly Route[]): Unordered[] {
  const sizes = sizesOf(routes);
  const length = { singleHeader: { name: "content-length" } };
  return [
    ...sizes.map((size): Unordered => {
      const larger: Statement = {
        regexMatchStatement: { regexString: greaterThan(size * MiB), fieldToMatch: length, textTransformations: asItIs },
      };
      const labels = routes.filter(({ maxBodyMiB }) => maxBodyMiB === size).map((route) => labelled(labelOf(route)));
      const [only] = labels;
      const whose = labels.length === 1 && only ? only : { orStatement: { statements: labels } };
      return {
        name: `body-over-${size}-mib`,
        action: refuse(413),
        statement: sizes.length === 1 ? larger : ({ andStatement: { statements: [whose, larger] } } as Statement),
      };
    }),
    {
      name: "body-of-unknown-size",
      action: refuse(413),
      statement: {
        andStatement: {
          statements: [
            {
              notStatement: {
                statement: { sizeConstraintStatement: { comparisonOperator: "GE", size: 1, fieldToMatch: length, textTransformations: asItIs } },
              },
            },
            {
              sizeConstraintStatement: {
                comparisonOperator: "GT",
                size: seenBytes,
                fieldToMatch: { body: { oversizeHandling: "MATCH" } },
                textTransformations: asItIs,
              },
            },
          ],
        },
      },
    },
  ];
}
