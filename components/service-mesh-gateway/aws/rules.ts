import { createHash } from "node:crypto";
import type { lb } from "@pulumi/aws/types/input.js";
import type { GatewayModel, Route } from "../model.ts";
import { healthPath } from "../relations.ts";
import { allRoutes, depthOf, hostsOf, publicHosts } from "./hosts.ts";

/** A rule of the listener: which requests, and what becomes of them. */
export interface PlannedRule {
  /** Behind the name of the gateway. */
  readonly name: string;
  readonly priority: number;
  readonly conditions: readonly lb.ListenerRuleCondition[];
  /** A route, or an answer of the load balancer's own. */
  readonly to: Route | lb.ListenerRuleActionFixedResponse;
}

/** Most values that one rule compares with, November 2026. */
const mostValues = 5;

/** The gateway's own path is first, what no route takes last; between them deeper paths come before shallower ones. */
export function listenerRules(model: GatewayModel): PlannedRule[] {
  const own: PlannedRule = {
    name: "health-rule",
    priority: 1,
    conditions: [{ pathPattern: { values: [healthPath] } }],
    to: answer("200", "ok"),
  };
  return [own, ...routeRules(model), ...leftRules(model)];
}

export const answer = (statusCode: string, messageBody: string): lb.ListenerRuleActionFixedResponse => ({
  contentType: "text/plain",
  statusCode,
  messageBody,
});

function routeRules(model: GatewayModel): PlannedRule[] {
  const rules = allRoutes(model).flatMap((route) => {
    const paths = route.path === "/" ? [] : [route.path, `${route.path}/*`];
    return chunks(hostsOf(route, model), mostValues - paths.length).map((hosts, index) => ({
      name: index === 0 ? `${route.name}-rule` : `${route.name}-rule-${index + 1}`,
      route,
      conditions: [{ hostHeader: { values: hosts } }, ...(paths.length > 0 ? [{ pathPattern: { values: paths } }] : [])],
    }));
  });
  const priorities = prioritiesOf(rules.map(({ name, route }) => ({ name, depth: depthOf(route.path) })));
  return rules.map(({ name, route, conditions }) => ({ name, conditions, to: route, priority: priorities.get(name) ?? 0 }));
}

/** Deepest path that a route may have: each depth has its range of priorities. */
export const mostDepth = 9;
const [firstPriority, range] = [100, 4900];

/**
 * A rule keeps its priority when others come and go: two rules may not have one even for a moment, so moving them all up by
 * one would fail half way. Rules of one depth never take the same request, so among them any order is right.
 */
export function prioritiesOf(rules: readonly { readonly name: string; readonly depth: number }[]): ReadonlyMap<string, number> {
  const taken = new Map<number, string>();
  for (const { name, depth } of rules.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const start = firstPriority + (mostDepth - Math.min(depth, mostDepth)) * range;
    const place = createHash("sha256").update(name).digest().readUInt32BE(0) % range;
    let offset = place;
    while (taken.has(start + offset)) offset = (offset + 1) % range;
    taken.set(start + offset, name);
  }
  return new Map([...taken].map(([priority, name]) => [name, priority]));
}

/** Behind all routes: a host of the gateway on which nothing is at this path. Other hosts are misdirected. */
function leftRules(model: GatewayModel): PlannedRule[] {
  const whole = allRoutes(model).filter(({ path }) => path === "/");
  const left = publicHosts(model).filter((host) => !whole.some((route) => hostsOf(route, model).includes(host)));
  return chunks(left, mostValues).map((hosts, index) => ({
    name: `nothing-rule-${index + 1}`,
    priority: firstPriority + (mostDepth + 1) * range + index,
    conditions: [{ hostHeader: { values: hosts } }],
    to: answer("404", "nothing is here"),
  }));
}

const chunks = <V>(all: readonly V[], size: number): V[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

/** Takes the path off, with or without something behind it. The value behind `^` may be the path with its query. */
export const rewriteOf = ({ path, stripPrefix }: Route): lb.ListenerRuleTransform[] =>
  stripPrefix
    ? [{ type: "url-rewrite", urlRewriteConfig: { rewrite: { regex: `^${path.replaceAll(".", String.raw`\.`)}/?(.*)$`, replace: "/$1" } } }]
    : [];
