import type { ListenerArgs } from "@pulumi/aws/lb/listener.js";
import type { GatewayModel } from "../model.ts";
import { ports } from "./hosts.ts";
import { answer } from "./rules.ts";

/** With key exchange that is safe from quantum computers, where the client has it. Source: AWS, September 2025. */
const sslPolicies = { "1.2": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "1.3": "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09" } as const;

/** Headers that a listener sets, with the values that it takes. */
const attributes: Readonly<Record<string, { readonly key: keyof ListenerArgs; readonly takes: RegExp; readonly rule: string }>> = {
  "strict-transport-security": { key: "routingHttpResponseStrictTransportSecurityHeaderValue", takes: /./, rule: "any" },
  "content-security-policy": { key: "routingHttpResponseContentSecurityPolicyHeaderValue", takes: /./, rule: "any" },
  "x-content-type-options": { key: "routingHttpResponseXContentTypeOptionsHeaderValue", takes: /^nosniff$/, rule: "nosniff" },
  "x-frame-options": {
    key: "routingHttpResponseXFrameOptionsHeaderValue",
    takes: /^(DENY|SAMEORIGIN|ALLOW-FROM https:\/\/\S+)$/,
    rule: "DENY, SAMEORIGIN or ALLOW-FROM https://...",
  },
};

/** What every browser does by itself: left out, nothing changes. */
const usual: Readonly<Record<string, string>> = { "referrer-policy": "strict-origin-when-cross-origin" };

/** Why a header cannot be set; undefined for one that can. */
export function headerRule(name: string, value: string): string | undefined {
  const lower = name.toLowerCase();
  const known = attributes[lower];
  if (known) return known.takes.test(value) ? undefined : `${known.rule}: a load balancer of AWS sets no other value`;
  return usual[lower] === value
    ? undefined
    : "a header that a load balancer of AWS sets: HSTS, Content-Security-Policy, X-Content-Type-Options, X-Frame-Options";
}

/** Whether a listener sets the header at all. */
export const isSent = (name: string): boolean => name.toLowerCase() in attributes;

/** The listener for HTTPS without what it belongs to. Whoever asks for a host that is not the gateway's is misdirected. */
export const httpsListener = ({ headers, minVersion }: Pick<GatewayModel, "headers" | "minVersion">) =>
  ({
    port: ports.https,
    protocol: "HTTPS",
    sslPolicy: sslPolicies[minVersion],
    defaultActions: [{ type: "fixed-response", fixedResponse: answer("421", "not a host of this gateway") }],
    routingHttpResponseServerEnabled: false,
    ...Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => {
        const key = attributes[name.toLowerCase()]?.key;
        return key ? [[key, value]] : [];
      }),
    ),
  }) satisfies Partial<ListenerArgs>;

/** Plain HTTP only says where HTTPS is. */
export const httpListener = () =>
  ({
    port: ports.http,
    protocol: "HTTP",
    defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: String(ports.https), statusCode: "HTTP_301" } }],
    routingHttpResponseServerEnabled: false,
  }) satisfies Partial<ListenerArgs>;
