import type { Route } from "../model.ts";
import { headersFile } from "./headers.ts";
import { block } from "./settings.ts";

/**
 * A second round. nginx tries other replicas by itself, but not when their list changes meanwhile: a request that waits for
 * a replica which is just gone gets 502, though others would serve it. What has no body then starts once more, with the
 * new list; after a silence of an upstream that was reached, nothing does.
 */
export const again = (route: string) => `@again-${route}`;

const given = { 502: "@bad-gateway", 504: "@timeout" } as const;

export const againMaps: string[] = [
  ...block("map $request_method $after_502", [`default ${given[502]};`, `"~^(?:GET|HEAD|OPTIONS)$" ${again("$route")};`]),
  // A connection that was never made has no time.
  ...block('map "$request_method|$upstream_connect_time" $after_504', [
    `default ${given[504]};`,
    String.raw`"~^(?:GET|HEAD|OPTIONS)\|(?:.*[ ,:])?-$" ${again("$route")};`,
  ]),
];

/** Only for what the gateway itself finds; an answer of the upstream passes as it is. */
export const againLines = ({ retries }: Route): string[] => (retries > 0 ? ["error_page 502 = $after_502;", "error_page 504 = $after_504;"] : []);

/** Where the others end, once for each server. */
export const givenUp = (routes: readonly Route[]): string[] =>
  routes.some(({ retries }) => retries > 0)
    ? Object.entries(given).flatMap(([code, location]) => block(`location ${location}`, [`include ${headersFile};`, `return ${code};`]))
    : [];
