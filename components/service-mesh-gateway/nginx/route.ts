import { concat, outsidePort, type SecretText, text } from "../../../src/core/text.ts";
import type { Route } from "../model.ts";
import { corsHeaders, corsHidden, preflightLines } from "./cors.ts";
import { headersFile, hiddenHeaders } from "./headers.ts";
import { again, againLines } from "./retry.ts";
import { block, type GatewaySettings, quoted } from "./settings.ts";
import { target } from "./upstreams.ts";

export const routeFile = ({ name }: Pick<Route, "name">) => `route-${name}.conf`;
export const passFile = ({ name }: Pick<Route, "name">) => `pass-${name}.conf`;

/** Bodies up to here wait in memory for their upstream, and can be sent a second time. */
const bufferedMiB = 16;

/** What a request meets that arrives on this route, in a file of its own: two locations, of the path and of all below it, share it. */
export function routeConfig(route: Route): string {
  const { name, path, rateLimit, maxBodyMiB } = route;
  return file([
    `set $route ${quoted(name)};`,
    `client_max_body_size ${maxBodyMiB}m;`,
    ...(rateLimit ? [`limit_req zone=${limitZone(route)} burst=${rateLimit.burst} nodelay;`] : []),
    ...preflightLines(route, headersFile),
    ...againLines(route),
    ...(route.stripPrefix ? [`rewrite ^${escaped(path)}(?:/(.*))?$ /$1 break;`] : []),
    `include ${passFile(route)};`,
  ]);
}

/** How it goes on to the upstream, and what is added to the answer. */
export function passConfig(route: Route, settings: GatewaySettings): SecretText {
  const { timeoutSeconds: seconds, retries, maxBodyMiB, websocket } = route;
  const before = file([
    `include ${headersFile};`,
    ...corsHeaders(route),
    ...[...hiddenHeaders(settings), ...corsHidden(route)].map((name) => `proxy_hide_header ${name};`),
    "proxy_http_version 1.1;",
    `proxy_connect_timeout ${Math.min(2, seconds)}s;`,
    `proxy_read_timeout ${seconds}s;`,
    `proxy_send_timeout ${seconds}s;`,
    ...(retries === 0
      ? ["proxy_next_upstream off;"]
      : [
          "proxy_next_upstream error timeout http_502 http_503;",
          `proxy_next_upstream_tries ${retries + 1};`,
          `proxy_next_upstream_timeout ${seconds}s;`,
        ]),
    ...(maxBodyMiB > bufferedMiB ? ["proxy_request_buffering off;"] : []),
    ...(websocket ? ["proxy_buffering off;"] : []),
    // Headers that are set here take all from around them away, so every one of them stands here.
    "proxy_set_header Host $http_host;",
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Forwarded-For $remote_addr;",
    "proxy_set_header X-Forwarded-Proto $scheme;",
    "proxy_set_header X-Forwarded-Host $http_host;",
    `proxy_set_header X-Forwarded-Prefix ${quoted(route.stripPrefix ? route.path : "")};`,
    'proxy_set_header Forwarded "";',
    "proxy_set_header X-Request-Id $request_tag;",
    ...(websocket
      ? ["proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection_upgrade;"]
      : ['proxy_set_header Upgrade "";', 'proxy_set_header Connection "";']),
    `proxy_pass http://${target(route)};`,
  ]);
  return concat(before, text`proxy_set_header X-Forwarded-Port ${outsidePort("https")};\n`);
}

const file = (lines: readonly string[]) => `${lines.join("\n")}\n`;

/** Points of a path as themselves in a regular expression. */
const escaped = (path: string) => path.replaceAll(".", String.raw`\.`);

/** The path itself and what is below it: `/api` and `/api/...`, not `/apis`; and the place for a second round. */
export function locations(route: Route): string[] {
  const { path, retries } = route;
  const include = [`include ${routeFile(route)};`];
  return [
    ...(path === "/" ? block("location /", include) : [...block(`location = ${path}`, include), ...block(`location ^~ ${path}/`, include)]),
    ...(retries > 0 ? block(`location ${again(route.name)}`, [`include ${passFile(route)};`]) : []),
  ];
}

/** Apart from the zones of upstreams, which have the names of routes: no route has an underscore. */
const limitZone = ({ name }: Route) => `limit_${name}`;

/** Requests of each client address, for the routes that limit them. */
export const limitZones = (routes: readonly Route[]): string[] =>
  routes.flatMap((route) =>
    route.rateLimit ? [`limit_req_zone $binary_remote_addr zone=${limitZone(route)}:10m rate=${rate(route.rateLimit.requestsPerSecond)};`] : [],
  );

/** nginx takes whole numbers only, each second or each minute. */
const rate = (perSecond: number) => (Number.isInteger(perSecond) ? `${perSecond}r/s` : `${Math.max(1, Math.round(perSecond * 60))}r/m`);

/** When a client that was refused may come again, in whole seconds; what an upstream says about itself stays. */
export const retryAfter = (routes: readonly Route[]): string[] =>
  block('map "$status|$upstream_http_retry_after|$route" $retry_after', [
    'default "";',
    String.raw`"~^429\|\|" "1";`,
    ...routes.flatMap(({ name, rateLimit }) =>
      rateLimit && rateLimit.requestsPerSecond < 1
        ? [`${quoted(`429||${name}`)} ${quoted(String(Math.ceil(1 / rateLimit.requestsPerSecond)))};`]
        : [],
    ),
  ]);
