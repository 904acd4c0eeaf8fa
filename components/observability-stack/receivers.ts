import type { Input } from "@pulumi/pulumi";
import { isConnection } from "../../src/core/binding.ts";
import { type Check, type Finding, inputOf, integer, isRecord, listOf, matching, oneOf, shape } from "../../src/core/checks.ts";
import type { Connection } from "../../src/core/connection.ts";
import { filesFolder } from "../../src/core/parts.ts";
import type { EgressRule } from "../../src/core/workload.ts";

export type Severity = "info" | "warning" | "critical";

interface Filtered {
  /**
   * Least severity that it is told about: `warning` also gets what is critical.
   * @default "warning"
   * @change restart; of the alert manager
   */
  readonly severity?: Severity;
}

/** Alerts as JSON by POST: to a service of the stack, or to a URL outside. */
export type WebhookReceiver = Filtered &
  (
    | {
        /** Service of this topology, e.g. `pager.connection`. */
        readonly service: Connection;
        /** Path of the request. @default "/" */
        readonly path?: string;
      }
    | {
        /** Full URL; kept as a secret, because such URLs often are one. */
        readonly url: Input<string>;
        /** Host of the URL, plain: the way out is opened before a secret URL is known. */
        readonly host: string;
        /** Port there. @default 443 @unit port */
        readonly port?: number;
      }
  );

/** A channel of Slack that is told about alerts. */
export interface SlackReceiver extends Filtered {
  /** URL of the incoming webhook; kept as a secret. */
  readonly apiUrl: Input<string>;
  /** Channel with its #. */
  readonly channel: string;
  /** Host of the URL. @default "hooks.slack.com" */
  readonly host?: string;
}

/** An address of mail that is told about alerts. */
export interface EmailReceiver extends Filtered {
  /** Address that it goes to. */
  readonly to: string;
  /** Address that it comes from. */
  readonly from: string;
  /** Server that takes the mail, without a port. */
  readonly host: string;
  /** The connection is always TLS, by STARTTLS or, on 465, from the beginning. @default 587 @unit port */
  readonly port?: number;
  /** User that logs in there. @default no login */
  readonly username?: string;
  /** Kept as a secret. @default none */
  readonly password?: Input<string>;
}

/** Who is told about alerts, by the way that they are told. */
export interface Receivers {
  /** Services and URLs that get a JSON document by HTTP. @default none */
  readonly webhook?: readonly WebhookReceiver[];
  /** Channels of Slack. @default none */
  readonly slack?: readonly SlackReceiver[];
  /** Addresses of mail. @default none */
  readonly email?: readonly EmailReceiver[];
}

const severity = oneOf(["info", "warning", "critical"]);
const host = matching(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a host name without protocol and port", "e.g. hooks.example.com");
const address = matching(/^[^\s@]+@[^\s@]+$/, "an e-mail address", "e.g. ops@example.com");
const word = matching(/^\S+$/, "a word", "write it without spaces");

const url = inputOf(matching(/^https?:\/\/[^\s/]+/, "a URL that starts with http:// or https://", "copy it from where it was made"));

const speaksHttp: Check = (value, at) => {
  if (!isConnection(value)) return [{ path: at, value: typeof value, rule: "a connection of a component", fix: "write e.g. pager.connection" }];
  if (value.scheme === "http") return [];
  const fix = "name a port that speaks HTTP: on an AppService its name begins with http, web or api";
  return [{ path: at, value: value.scheme, rule: "a port that speaks HTTP", fix }];
};

const webhook: Check = (value, at) =>
  isRecord(value) && "service" in value
    ? shape<{ service: Connection; path: string; severity: Severity }>(
        {
          service: speaksHttp,
          path: matching(/^\/\S*$/, "a path that starts with /", "e.g. /alerts"),
          severity,
        },
        ["service"],
      )(value, at)
    : shape<{ url: string; host: string; port: number; severity: Severity }>({ url, host, port: integer(1, 65_535), severity }, ["url", "host"])(
        value,
        at,
      );

const receivers: Check = shape<Receivers>({
  webhook: listOf(webhook),
  slack: listOf(
    shape<SlackReceiver>({ apiUrl: url, channel: matching(/^[#@]\S+$/, "a channel with its #", "e.g. #alerts"), host, severity }, [
      "apiUrl",
      "channel",
    ]),
  ),
  email: listOf(
    shape<EmailReceiver>({ to: address, from: address, host, port: integer(1, 65_535), username: word, password: inputOf(word), severity }, [
      "to",
      "from",
      "host",
    ]),
  ),
});

/** Arguments that hold no secret; anything else may be one, under a name that is misspelled or in a place where it does not belong. */
const plain = /\.(severity|channel|host|port|to|from|path|service|username)$/;

export const receiversCheck: Check = (value, at) =>
  receivers(value, at).map((finding) => (plain.test(finding.path) || finding.value === undefined ? finding : { ...finding, value: "[hidden]" }));

/** A plain URL that leads elsewhere than the way that is opened for it, and a login that is half there. */
export function receiverFindings({ webhook: webhooks = [], slack = [], email = [] }: Receivers): Finding[] {
  return [
    ...webhooks.flatMap((one, index) => ("url" in one ? elsewhere(`receivers.webhook[${index}]`, one.url, one.host, one.port) : [])),
    ...slack.flatMap((one, index) => elsewhere(`receivers.slack[${index}]`, one.apiUrl, one.host ?? slackHost)),
    ...email.flatMap(({ username, password }, index): Finding[] =>
      (username === undefined) === (password === undefined)
        ? []
        : [{ path: `receivers.email[${index}].username`, value: username, rule: "username and password, or neither", fix: "give both" }],
    ),
  ];
}

const slackHost = "hooks.slack.com";
const httpsPort = 443;

/** Whether a URL that is known now leads to the host and the port that are opened. */
function elsewhere(at: string, given: unknown, host: string, port = httpsPort): Finding[] {
  if (typeof given !== "string") return [];
  const url = URL.parse(given);
  if (url?.hostname !== host) return [{ path: `${at}.host`, value: host, rule: "the host of the URL", fix: "correct one of the two" }];
  const there = url.port === "" ? (url.protocol === "http:" ? 80 : httpsPort) : Number(url.port);
  if (there === port) return [];
  return [{ path: `${at}.port`, value: port, rule: `the port of the URL, ${there}`, fix: "correct one of the two" }];
}

/** A receiver as the configuration and the container need it. */
export interface SettledReceiver {
  /** `webhook-0`; also the name of its route. */
  readonly name: string;
  readonly kind: keyof Receivers;
  /** Address that gets the mail. */
  readonly to?: string;
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
      const common = { name, kind: "webhook", severity: one.severity ?? "warning" } as const;
      if ("service" in one) {
        const { workload, port } = one.service.summary;
        const at = `http://${workload}:${port}${one.path ?? "/"}`;
        return { ...common, service: one.service, config: { webhook_configs: [{ url: at, send_resolved: true }] } };
      }
      return {
        ...common,
        config: { webhook_configs: [{ url_file: secretFile(name), send_resolved: true }] },
        secret: one.url,
        egress: { host: one.host, port: one.port ?? httpsPort },
      };
    }),
    ...slack.map((one, index): SettledReceiver => {
      const name = `slack-${index}`;
      return {
        name,
        kind: "slack",
        severity: one.severity ?? "warning",
        config: { slack_configs: [{ api_url_file: secretFile(name), channel: one.channel, send_resolved: true }] },
        secret: one.apiUrl,
        egress: { host: one.host ?? slackHost, port: httpsPort },
      };
    }),
    ...email.map((one, index): SettledReceiver => {
      const name = `email-${index}`;
      const port = one.port ?? 587;
      const login = one.username ? { auth_username: one.username, auth_password_file: secretFile(name) } : {};
      const mail = { to: one.to, from: one.from, smarthost: `${one.host}:${port}`, require_tls: port !== 465, send_resolved: true, ...login };
      return {
        name,
        kind: "email",
        to: one.to,
        severity: one.severity ?? "warning",
        config: { email_configs: [mail] },
        ...(one.password === undefined ? {} : { secret: one.password }),
        egress: { host: one.host, port },
      };
    }),
  ];
}
