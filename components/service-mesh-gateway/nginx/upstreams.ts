import type { Route, Upstream } from "../model.ts";
import { block, variableOf } from "./settings.ts";

/** Docker's own name server. Asked every few seconds, so that a container that was made again is found at its new address. */
export const resolver = ["resolver 127.0.0.11 valid=5s ipv6=off;", "resolver_timeout 5s;"];

/** A point cannot be part of the name of a route or a version. */
const upstreamName = (route: Route, { version }: Upstream) => (version ? `${route.name}.${version}` : route.name);

/** All replicas of each version behind one name; the one with the fewest connections is next. */
export function upstreams(routes: readonly Route[]): string[] {
  return routes.flatMap((route) =>
    route.upstreams.flatMap((upstream) => {
      const { host, port } = upstream.to.summary;
      const name = upstreamName(route, upstream);
      return block(`upstream ${name}`, [
        `zone ${name} 64k;`,
        "least_conn;",
        `server ${host}:${port} resolve max_fails=3 fail_timeout=10s;`,
        "keepalive 32;",
      ]);
    }),
  );
}

/** Which version a request goes to, drawn for each one. */
export function splits(routes: readonly Route[]): string[] {
  return routes.filter(isSplit).flatMap((route) => {
    const drawn = route.upstreams.filter(({ weight }) => weight > 0);
    const lines = drawn.map((upstream, index) => `${index === drawn.length - 1 ? "*" : `${upstream.weight}%`} ${upstreamName(route, upstream)};`);
    return block(`split_clients $request_id ${variableOf("version", route)}`, lines);
  });
}

const isSplit = ({ upstreams: versions }: Route) => versions.length > 1;

/** Name of the upstream as `proxy_pass` says it. */
export function target(route: Route): string {
  const [only] = route.upstreams;
  return isSplit(route) || !only ? variableOf("version", route) : upstreamName(route, only);
}
