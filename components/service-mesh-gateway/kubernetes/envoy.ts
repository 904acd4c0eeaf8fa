import type { Route } from "../model.ts";

const typed = (name: string, fields: object) => ({ "@type": `type.googleapis.com/envoy.extensions.${name}`, ...fields });
const filterType = (name: string, message: string) => `filters.http.${name}.v3.${message}`;

const limitName = "envoy.filters.http.local_ratelimit";
const bufferName = "envoy.filters.http.buffer";

/** Counts nothing by itself: routes say what they limit. */
export const limitFilter = {
  name: limitName,
  typed_config: typed(filterType("local_ratelimit", "LocalRateLimit"), { stat_prefix: "rate_limit" }),
};

/** Client addresses that are counted at once; the one that was silent longest is forgotten first. */
const mostClients = 10_000;
const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };

/** Tokens for each client address. A replica counts for itself. */
export function limitFor({ name, rateLimit }: Pick<Route, "name" | "rateLimit">): Record<string, object> {
  if (!rateLimit) return {};
  const bucket = tokens(rateLimit);
  return {
    [limitName]: typed(filterType("local_ratelimit", "LocalRateLimit"), {
      stat_prefix: `rate_limit_${name}`,
      // For requests without a client, of which there are none: the filter wants one whose interval is that of the others.
      token_bucket: bucket,
      always_consume_default_token_bucket: false,
      filter_enabled: always,
      filter_enforced: always,
      rate_limits: [{ actions: [{ remote_address: {} }] }],
      descriptors: [{ entries: [{ key: "remote_address" }], token_bucket: bucket }],
      max_dynamic_descriptors: mostClients,
      response_headers_to_add: [
        { append_action: "OVERWRITE_IF_EXISTS_OR_ADD", header: { key: "Retry-After", value: String(retryAfter(rateLimit.requestsPerSecond)) } },
      ],
    }),
  };
}

const retryAfter = (perSecond: number) => Math.max(1, Math.ceil(1 / perSecond));

/** Whole numbers only, each second or each minute. One request is taken beyond the burst, as the rate allows it. */
function tokens({ requestsPerSecond, burst }: NonNullable<Route["rateLimit"]>) {
  const whole = Number.isInteger(requestsPerSecond);
  return {
    max_tokens: burst + 1,
    tokens_per_fill: whole ? requestsPerSecond : Math.max(1, Math.round(requestsPerSecond * 60)),
    fill_interval: whole ? "1s" : "60s",
  };
}

const bytes = (mebibytes: number) => mebibytes * 1024 * 1024;

/** Off but for the routes that name a size: a connection that becomes a websocket never ends its body, and would wait for ever. */
export const bufferFilter = {
  name: bufferName,
  disabled: true,
  typed_config: typed(filterType("buffer", "Buffer"), { max_request_bytes: bytes(1) }),
};

/** A body waits whole in memory before it goes on; a larger one gets 413. */
export const bufferFor = ({ maxBodyMiB }: Pick<Route, "maxBodyMiB">): Record<string, object> => ({
  [bufferName]: typed(filterType("buffer", "BufferPerRoute"), { buffer: { max_request_bytes: bytes(maxBodyMiB) } }),
});

export const compressorFilter = {
  name: "envoy.filters.http.compressor",
  typed_config: typed(filterType("compressor", "Compressor"), {
    response_direction_config: {
      common_config: {
        min_content_length: 1024,
        content_type: [
          "text/html",
          "text/plain",
          "text/css",
          "text/javascript",
          "text/xml",
          "application/json",
          "application/javascript",
          "application/xml",
          "application/xhtml+xml",
          "application/rss+xml",
          "application/wasm",
          "application/manifest+json",
          "image/svg+xml",
        ],
      },
    },
    compressor_library: { name: "gzip", typed_config: typed("compression.gzip.compressor.v3.Gzip", {}) },
  }),
};
