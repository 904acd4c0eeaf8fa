import type { Input } from "@pulumi/pulumi";
import { type Check, type Finding, inputOf, integer, isRecord, listOf, matching, oneOf, shape } from "../../src/core/checks.ts";
import type { Connection } from "../../src/core/connection.ts";
import { filesFolder } from "../../src/core/parts.ts";
import type { EgressRule } from "../../src/core/workload.ts";

export type Severity = "info" | "warning" | "critical";

interface Filtered {
  /** Least severity that it is told about: `warning` also gets what is critical. Changing it: restart of the alert manager. @default "warning" */
  readonly severity?: Severity;
}

/** Alerts as JSON by POST: to a service of the stack, or to a URL outside. */
export type WebhookReceiver = Filtered &
  (
    | {
        /** Service of this topology, e.g. `pager.connection`. */
        readonly service: Connection;
        /** @default "/" */
        readonly path?: string;
      }
    | {
        /** Full URL; kept as a secret, because such URLs often are one. */
        readonly url: Input<string>;
        /** Host of the URL, plain: the way out is opened before a secret URL is known. */
        readonly host: string;
        /** @default 443 */
        readonly port?: number;
      }
  );

export interface SlackReceiver extends Filtered {
  /** URL of the incoming webhook; kept as a secret. */
  readonly apiUrl: Input<string>;
  /** Channel with its #. */
  readonly channel: string;
  /** Host of the URL. @default "hooks.slack.com" */
  readonly host?: string;
}

export interface EmailReceiver extends Filtered {
  readonly to: string;
  readonly from: string;
  /** Server that takes the mail, without a port. */
  readonly host: string;
  /** The connection is always TLS, by STARTTLS or, on 465, from the beginning. @default 587 */
  readonly port?: number;
  /** @default no login */
  readonly username?: string;
  /** Kept as a secret. */
  readonly password?: Input<string>;
}

export interface Receivers {
  readonly webhook?: readonly WebhookReceiver[];
  readonly slack?: readonly SlackReceiver[];
  readonly email?: readonly EmailReceiver[];
}

const severity = oneOf(["info", "warning", "critical"]);
const host = matching(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a host name without protocol and port", "e.g. hooks.example.com");
const address = matching(/^[^\s@]+@[^\s@]+$/, "an e-mail address", "e.g. ops@example.com");
const word = matching(/^\S+$/, "a word", "write it without spaces");

/** The value may be a secret, so a finding does not show it. */
const unseen =
  (check: Check): Check =>
  (value, at) =>
    check(value, at).map((finding) => ({ ...finding, value: value === undefined ? undefined : "[hidden]" }));

const url = unseen(inputOf(matching(/^https?:\/\/[^\s/]+/, "a URL that starts with http:// or https://", "copy it from where it was made")));

const webhook: Check = (value, at) =>
  isRecord(value) && "service" in value
    ? shape<{ service: Connection; path: string; severity: Severity }>(
        {
          service: (service, where) =>
            isRecord(service) && isRecord(service.summary)
              ? []
              : [{ path: where, value: typeof service, rule: "a connection of a component", fix: "write e.g. pager.connection" }],
          path: matching(/^\/\S*$/, "a path that starts with /", "e.g. /alerts"),
          severity,
        },
        ["service"],
      )(value, at)
    : shape<{ url: string; host: string; port: number; severity: Severity }>({ url, host, port: integer(1, 65_535), severity }, ["url", "host"])(
        value,
        at,
      );

export const receiversCheck: Check = shape<Receivers>({
  webhook: listOf(webhook),
  slack: listOf(
    shape<SlackReceiver>({ apiUrl: url, channel: matching(/^[#@]\S+$/, "a channel with its #", "e.g. #alerts"), host, severity }, [
      "apiUrl",
      "channel",
    ]),
  ),
  email: listOf(
    shape<EmailReceiver>({ to: address, from: address, host, port: integer(1, 65_535), username: word, password: unseen(inputOf(word)), severity }, [
      "to",
      "from",
      "host",
    ]),
  ),
});

/** A plain URL that leads elsewhere than the way that is opened for it, and a login that is half there. */
export function receiverFindings({ webhook: webhooks = [], slack = [], email = [] }: Receivers): Finding[] {
  const elsewhere = (at: string, given: unknown, expected: string): Finding[] => {
    if (typeof given !== "string" || hostOf(given) === expected) return [];
    return [{ path: `${at}.host`, value: expected, rule: "the host of the URL", fix: "correct one of the two" }];
  };
  return [
    ...webhooks.flatMap((one, index) => ("url" in one ? elsewhere(`receivers.webhook[${index}]`, one.url, one.host) : [])),
    ...slack.flatMap((one, index) => elsewhere(`receivers.slack[${index}]`, one.apiUrl, one.host ?? slackHost)),
    ...email.flatMap(({ username, password }, index): Finding[] =>
      (username === undefined) === (password === undefined)
        ? []
        : [{ path: `receivers.email[${index}].username`, value: username, rule: "username and password, or neither", fix: "give both" }],
    ),
  ];
}

const slackHost = "hooks.slack.com";

function hostOf(text: string): string | undefined {
  try {
    return new URL(text).hostname;
  } catch {
    return undefined;
  }
}

/** A receiver as the configuration and the container need it. */
export interface SettledReceiver {
  /** `webhook-0`; also the name of its route. */
  readonly name: string;
  readonly severity: Severity;
  /** Its entry in the configuration; secrets are named by the file that holds them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the file beside the configuration holds. */
  readonly secret?: Input<string>;
  readonly egress?: EgressRule;
  readonly service?: Connection;
}

/** File with the secret of a receiver. */
export const secretFile = (receiver: string) => `${filesFolder}/${receiver}`;

export function settleReceivers({ webhook: webhooks = [], slack = [], email = [] }: Receivers): SettledReceiver[] {
  return [
    ...webhooks.map((one, index): SettledReceiver => {
      const name = `webhook-${index}`;
      const common = { name, severity: one.severity ?? "warning" };
      if ("service" in one) {
        const { scheme, workload, port } = one.service.summary;
        const at = `${scheme === "https" ? "https" : "http"}://${workload}:${port}${one.path ?? "/"}`;
        return { ...common, service: one.service, config: { webhook_configs: [{ url: at, send_resolved: true }] } };
      }
      return {
        ...common,
        config: { webhook_configs: [{ url_file: secretFile(name), send_resolved: true }] },
        secret: one.url,
        egress: { host: one.host, port: one.port ?? 443 },
      };
    }),
    ...slack.map((one, index): SettledReceiver => {
      const name = `slack-${index}`;
      return {
        name,
        severity: one.severity ?? "warning",
        config: { slack_configs: [{ api_url_file: secretFile(name), channel: one.channel, send_resolved: true }] },
        secret: one.apiUrl,
        egress: { host: one.host ?? slackHost, port: 443 },
      };
    }),
    ...email.map((one, index): SettledReceiver => {
      const name = `email-${index}`;
      const port = one.port ?? 587;
      const login = one.username ? { auth_username: one.username, auth_password_file: secretFile(name) } : {};
      const mail = { to: one.to, from: one.from, smarthost: `${one.host}:${port}`, require_tls: port !== 465, send_resolved: true, ...login };
      return {
        name,
        severity: one.severity ?? "warning",
        config: { email_configs: [mail] },
        ...(one.password === undefined ? {} : { secret: one.password }),
        egress: { host: one.host, port },
      };
    }),
  ];
}
