import { concat, outsidePort, type SecretText, text } from "../../../src/core/text.ts";
import type { Route } from "../model.ts";
import { healthPath } from "../relations.ts";
import { headersFile } from "./headers.ts";
import { givenUp } from "./retry.ts";
import { locations } from "./route.ts";
import { block, type GatewaySettings, ports, statusPath } from "./settings.ts";

const health = block(`location = ${healthPath}`, ["access_log off;", "default_type text/plain;", String.raw`return 200 "ok\n";`]);
const refusing = (code: number) => block("location /", [`include ${headersFile};`, `return ${code};`]);
const server = (lines: readonly string[]) => block("server", ['set $route "-";', ...lines]);

/** For the exporter and the health check alone: it is not published. */
const statusServer = server([
  `listen ${ports.status};`,
  "access_log off;",
  ...health,
  ...block(`location = ${statusPath}`, ["stub_status;"]),
  ...block("location /", ["return 404;"]),
]);

/** Unknown hosts: no route is for them, and no answer repeats their name. */
const strangers = [
  ...server([`listen ${ports.http} default_server;`, "server_name _;", ...health, ...block("location /", ["return 404;"])]),
  ...server([`listen ${ports.https} ssl default_server;`, "server_name _;", ...health, ...refusing(421)]),
];

/** Plain HTTP only says where HTTPS is; 308 keeps method and body. */
function redirect({ names }: GatewaySettings): SecretText {
  const [head = "", ...rest] = server([
    `listen ${ports.http};`,
    `server_name ${names.join(" ")};`,
    ...health,
    ...block("location /", ["return 308 HTTPS;"]),
  ]);
  const [before = "", after = ""] = [head, ...rest].join("\n").split("HTTPS;");
  return concat(before, text`https://$host:${outsidePort("https")}$request_uri;`, `${after}\n`);
}

/** One server for all hosts without routes of their own, and one for each of the others. */
function routeServers({ names, routes }: GatewaySettings): string[] {
  const apart = names.filter((name) => routes.some(({ host }) => host === name));
  const common = names.filter((name) => !apart.includes(name));
  return [
    ...(common.length > 0
      ? routeServer(
          common,
          routes.filter(({ host }) => host === undefined),
        )
      : []),
    ...apart.flatMap((name) => routeServer([name], routesFor(name, routes))),
  ];
}

/** A route for this host wins over one for all hosts with the same path. */
function routesFor(name: string, routes: readonly Route[]): Route[] {
  const own = routes.filter(({ host }) => host === name);
  return [...own, ...routes.filter(({ host, path }) => host === undefined && !own.some((other) => other.path === path))];
}

function routeServer(names: readonly string[], routes: readonly Route[]): string[] {
  return server([
    `listen ${ports.https} ssl;`,
    `server_name ${names.join(" ")};`,
    ...health,
    ...routes.flatMap(locations),
    ...givenUp(routes),
    ...(routes.some(({ path }) => path === "/") ? [] : refusing(404)),
  ]);
}

export const servers = (settings: GatewaySettings): SecretText =>
  concat([...statusServer, ...strangers].join("\n"), "\n", redirect(settings), routeServers(settings).join("\n"), "\n");
