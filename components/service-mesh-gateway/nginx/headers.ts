import type { HstsArgs } from "../tls-args.ts";
import { type GatewaySettings, quoted } from "./settings.ts";

export const headersFile = "headers.conf";

/** Headers that every answer gets unless the topology says otherwise. */
const usual: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Content-Security-Policy": "frame-ancestors 'self'",
};

/** The usual headers with those of the topology laid over them, and HSTS; names are compared without case. */
export function answerHeaders(over: Readonly<Record<string, string | false>>, hsts: HstsArgs | undefined): Record<string, string> {
  const merged = new Map<string, readonly [string, string | false]>(
    Object.entries({ ...usual }).map(([name, value]) => [name.toLowerCase(), [name, value]]),
  );
  for (const [name, value] of Object.entries(over)) merged.set(name.toLowerCase(), [name, value]);
  return {
    ...Object.fromEntries([...merged.values()].filter((entry): entry is [string, string] => entry[1] !== false)),
    ...(hsts ? { "Strict-Transport-Security": hstsValue(hsts) } : {}),
  };
}

const hstsValue = ({ maxAgeSeconds, includeSubdomains, preload }: HstsArgs) =>
  [`max-age=${maxAgeSeconds}`, ...(includeSubdomains ? ["includeSubDomains"] : []), ...(preload ? ["preload"] : [])].join("; ");

/** A file that every location includes: nginx drops all headers from around a block that adds one of its own. */
export const headersConfig = (settings: GatewaySettings): string =>
  [
    ...Object.entries(settings.headers).map(([name, value]) => `add_header ${name} ${quoted(value)} always;`),
    "add_header X-Request-Id $request_tag always;",
    "add_header Retry-After $retry_after always;",
    "",
  ].join("\n");

/** What an upstream says under the same names does not go out beside it; a policy for content is one that may stand twice. */
export const hiddenHeaders = (settings: GatewaySettings): string[] => [
  ...Object.keys(settings.headers).filter((name) => name.toLowerCase() !== "content-security-policy"),
  "X-Request-Id",
  "X-Powered-By",
];
