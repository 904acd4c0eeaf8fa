import { concat, type SecretText } from "../../../src/core/text.ts";
import { corsMaps } from "./cors.ts";
import { accessLog } from "./log.ts";
import { againMaps } from "./retry.ts";
import { limitZones, retryAfter } from "./route.ts";
import { servers } from "./servers.ts";
import { block, type GatewaySettings } from "./settings.ts";
import { tlsLines } from "./tls.ts";
import { resolver, splits, upstreams } from "./upstreams.ts";

/** A read-only root leaves only this folder, which is in memory. */
const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((what) => `${what}_temp_path /tmp/${what};`);

const compression = [
  "gzip on;",
  "gzip_vary on;",
  "gzip_proxied any;",
  "gzip_min_length 1024;",
  // text/html is always among them.
  "gzip_types text/plain text/css text/javascript text/xml application/json application/javascript application/xml application/xhtml+xml application/rss+xml application/wasm application/manifest+json image/svg+xml;",
];

/** nginx.conf: what is common to all routes, and the servers. */
export function nginxConfig(settings: GatewaySettings): SecretText {
  const { routes } = settings;
  const http = [
    ...temporary,
    "server_tokens off;",
    // Host names and origins may be longer than a line of the processor's cache.
    "server_names_hash_bucket_size 512;",
    "map_hash_bucket_size 512;",
    "default_type application/octet-stream;",
    "reset_timedout_connection on;",
    "client_header_timeout 15s;",
    "client_body_timeout 30s;",
    "send_timeout 30s;",
    "keepalive_timeout 65s;",
    "client_body_buffer_size 128k;",
    // Answers are never written to disk: there is none.
    "proxy_max_temp_file_size 0;",
    "limit_req_status 429;",
    // The refusal is in the access log; here it would be told once more, with the query.
    "limit_req_log_level info;",
    ...resolver,
    ...tlsLines(settings),
    ...(settings.gzip ? compression : []),
    ...block("map $http_upgrade $connection_upgrade", ["default upgrade;", '"" "";']),
    // An id from outside goes on when it has the form of one.
    ...block("map $http_x_request_id $request_tag", ["default $request_id;", '"~^[A-Za-z0-9._-]{8,128}$" $http_x_request_id;']),
    ...retryAfter(routes),
    ...againMaps,
    ...accessLog,
    ...corsMaps(routes),
    ...splits(routes),
    ...limitZones(routes),
    ...upstreams(routes),
  ];
  const main = [
    "daemon off;",
    `worker_processes ${settings.workers};`,
    // Below the time that the container gets for an orderly stop: websockets would hold it for ever.
    "worker_shutdown_timeout 25s;",
    "pid /tmp/nginx.pid;",
    "error_log stderr warn;",
    ...block("events", ["worker_connections 2048;"]),
    "http {",
  ];
  return concat(`${[...main, ...http].join("\n")}\n`, servers(settings), "}\n");
}
