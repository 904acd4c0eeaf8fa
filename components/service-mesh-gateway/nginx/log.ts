import { block } from "./settings.ts";

/** Field -> value of one line for each request, as JSON. The path is without its query, which may hold tokens. */
const fields: Readonly<Record<string, string>> = {
  time: "$time_iso8601",
  client: "$remote_addr",
  method: "$request_method",
  host: "$host",
  path: "$request_path",
  protocol: "$server_protocol",
  tls: "$ssl_protocol",
  status: "$status",
  bytes: "$body_bytes_sent",
  seconds: "$request_time",
  route: "$route",
  upstream: "$upstream_addr",
  upstreamStatus: "$upstream_status",
  upstreamSeconds: "$upstream_response_time",
  requestId: "$request_tag",
  traceparent: "$http_traceparent",
  agent: "$http_user_agent",
};

const numbers = ["status", "bytes", "seconds"];

export const accessLog: string[] = [
  ...block("map $request_uri $request_path", ['default "";', '"~^(?<path_only>[^?]*)" $path_only;']),
  `log_format requests escape=json '{${Object.entries(fields)
    .map(([name, value]) => (numbers.includes(name) ? `"${name}":${value}` : `"${name}":"${value}"`))
    .join(",")}}';`,
  "access_log /dev/stdout requests;",
];
