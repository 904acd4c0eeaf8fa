import { isConnection } from "../../src/core/binding.ts";
import type { Finding } from "../../src/core/checks.ts";
import type { RouteArgs } from "./routes.ts";

type Add = (path: string, value: unknown, rule: string, fix: string) => void;

/** The gateway's own path, on every port: whether it can serve. */
export const healthPath = "/healthz";

/** Rules between arguments, checked once each of them is right by itself. */
export function relations(component: string, routes: Readonly<Record<string, RouteArgs>>, hosts: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const add: Add = (path, value, rule, fix) => findings.push({ path, value, rule, fix });
  const entries = Object.entries(routes);
  if (entries.length === 0) add("routes", routes, "at least one route", "add one, e.g. { web: { to: web.connection } }");
  for (const [index, host] of hosts.entries()) {
    if (hosts.indexOf(host) !== index) add(`hosts[${index}]`, host, "each host once", "remove it");
  }
  const seen = new Map<string, string>();
  for (const [name, route] of entries) {
    const at = `routes.${name}`;
    const { path = "/", host } = route;
    const place = `${host ?? "every host"} ${path}`;
    const other = seen.get(place);
    if (other)
      add(`${at}.path`, path, `a host and a path of its own; route ${other} has ${path} on ${host ?? "every host"}`, "change one of the two");
    seen.set(place, name);
    if (host !== undefined && !hosts.includes(host)) add(`${at}.host`, host, `one of hosts: ${hosts.join(", ")}`, "add it to hosts, or correct it");
    if (path === healthPath)
      add(`${at}.path`, path, `another path than ${healthPath}, where the gateway tells its own health`, "choose another path");
    if (route.stripPrefix && path === "/") add(`${at}.stripPrefix`, true, "a path to take off", "give the route a path, or remove stripPrefix");
    weightFindings(at, route, add);
    corsFindings(at, route, add);
    for (const [version, to] of isConnection(route.to) ? [["", route.to] as const] : Object.entries(route.to)) {
      if (to.system === component) add(`${at}.to${version && `.${version}`}`, to.system, "another component", "route to a service");
    }
  }
  return findings;
}

function weightFindings(at: string, { to, weights }: RouteArgs, add: Add): void {
  const versions = isConnection(to) ? [] : Object.keys(to);
  if (weights === undefined) {
    if (versions.length > 1)
      add(`${at}.weights`, undefined, `a share for each version: ${versions.join(", ")}`, `e.g. { ${versions[0]}: 90, ${versions[1]}: 10 }`);
    if (!isConnection(to) && versions.length === 0) add(`${at}.to`, to, "at least one version", "give a connection");
    return;
  }
  if (isConnection(to)) {
    add(`${at}.weights`, weights, "left out: to is one connection", "remove it, or give to one connection for each version");
    return;
  }
  for (const [version, weight] of Object.entries(weights)) {
    const known = versions.join(", ") || "none";
    if (!versions.includes(version)) add(`${at}.weights.${version}`, weight, `a version of to (${known})`, "correct it, or add the version to to");
  }
  for (const version of versions.filter((each) => weights[each] === undefined)) {
    add(`${at}.weights.${version}`, undefined, "a share for each version", "give it; 0 sends nothing there");
  }
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  if (sum !== 100) add(`${at}.weights`, weights, `shares with the sum 100; theirs is ${sum}`, "correct them");
}

function corsFindings(at: string, { cors }: RouteArgs, add: Add): void {
  if (!cors?.origins.includes("*")) return;
  if (cors.credentials)
    add(`${at}.cors.credentials`, true, "origins by name: no browser takes * with credentials", "list the origins, or remove credentials");
  if (cors.origins.length > 1) add(`${at}.cors.origins`, cors.origins, "either * or origins by name", "remove one of the two");
}
