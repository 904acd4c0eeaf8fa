import type { GatewayModel, Route } from "../model.ts";
import { rateWindow } from "./rate.ts";
import { labelled, labelOf, refuse, type Unordered } from "./waf-parts.ts";

const tooMany = (seconds: number) => refuse(429, [{ name: "Retry-After", value: String(seconds) }]);

/** Seconds that `maxRequestsPerClient` is about. */
const clientWindow = 300;

/** For each client address, over everything that the gateway serves. */
export function clientRule({ maxRequestsPerClient }: GatewayModel): Unordered[] {
  if (maxRequestsPerClient === false) return [];
  const rate = { aggregateKeyType: "IP", evaluationWindowSec: clientWindow, limit: maxRequestsPerClient };
  return [{ name: "client-rate", action: tooMany(clientWindow), statement: { rateBasedStatement: rate } }];
}

/** For each client address, on one route. */
export function rateRule(route: Route): Unordered[] {
  if (!route.rateLimit) return [];
  const { evaluationWindowSec, limit } = rateWindow(route.rateLimit);
  return [
    {
      name: `rate-${route.name}`,
      action: tooMany(evaluationWindowSec),
      statement: { rateBasedStatement: { aggregateKeyType: "IP", evaluationWindowSec, limit, scopeDownStatement: labelled(labelOf(route)) } },
    },
  ];
}
