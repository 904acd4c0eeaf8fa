import { type Check, isRecord, mapOf, matching, problemsOf, shape } from "../../src/core/checks.ts";
import type { ConnectionSpec } from "../../src/core/connection.ts";
import { type ExistingArgs, existingFindings, networkCheck, plaintextCheck } from "../../src/core/existing.ts";
import { existingSpec } from "../../src/core/existing-spec.ts";
import { type GivenSecret, givenSecretCheck } from "../../src/core/given-secret.ts";
import type { Settled } from "../../src/core/platform.ts";
import type { SystemSpec } from "../../src/core/system.ts";
import type { MessageQueueArgs } from "./message-queue.ts";
import { deadLettersOf } from "./model.ts";

/** Queues that are there already, at one service that speaks the API of SQS. They are made by those who run it. */
export interface ExistingQueues extends Pick<ExistingArgs, "plaintext" | "network"> {
  /**
   * URL of each queue that the topology declares.
   * @change restart; of what is bound to it
   */
  readonly queues: Readonly<Record<string, string>>;
  /** URL of the dead-letter queue of each queue, for those who read it. @default none @change restart; of what is bound to it */
  readonly deadLetters?: Readonly<Record<string, string>>;
  /**
   * Region that clients sign for.
   * @default that of the host, or us-east-1
   * @change restart; of what is bound to it
   */
  readonly region?: string;
  /**
   * Access key that clients sign with.
   * @default none: the role of the client on AWS
   * @change restart; of what is bound to it
   */
  readonly accessKey?: {
    /** Id of the key. */
    readonly id: string;
    /** Secret of the key, never as text. */
    readonly secret: GivenSecret;
  };
}

const queueUrl: Check = (value, at) =>
  typeof value === "string" && urlOf(value)
    ? []
    : [{ path: at, value, rule: "the URL of a queue", fix: "e.g. https://sqs.eu-central-1.amazonaws.com/123456789012/jobs" }];

export const existingQueuesCheck = shape<ExistingQueues>(
  {
    queues: mapOf(() => [], queueUrl),
    deadLetters: mapOf(() => [], queueUrl),
    region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region", "e.g. eu-central-1"),
    accessKey: shape<{ id: string; secret: GivenSecret }>(
      { id: matching(/^\w{3,128}$/, "the id of an access key", "e.g. AKIA..."), secret: givenSecretCheck },
      ["id", "secret"],
    ),
    plaintext: plaintextCheck,
    network: networkCheck,
  },
  ["queues"],
);

/** Where a queue is. Undefined for what is no URL of one. */
export function urlOf(url: string): { readonly host: string; readonly port: number; readonly tls: boolean; readonly path: string } | undefined {
  if (!/^https?:\/\/[A-Za-z0-9.-]+(:\d+)?\/[\w./-]+$/.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(url);
  const tls = protocol === "https:";
  return { host: hostname, port: port === "" ? (tls ? 443 : 80) : Number(port), tls, path: pathname };
}

/** Region of an endpoint of SQS itself. */
export const regionOf = (host: string): string | undefined => /^sqs\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(host)?.[1];

/** The same connections as queues of the stack have, to those that are there already. */
export function existingQueuesSpec(own: SystemSpec, { args, profile, origins }: Settled<MessageQueueArgs>, place: ExistingQueues): SystemSpec {
  const at = (from: "queues" | "deadLetters", name: string) => urlOf(place[from]?.[name] ?? "");
  const declared = Object.keys(isRecord(args.queues) ? args.queues : {});
  const all = [...Object.values(place.queues), ...Object.values(place.deadLetters ?? {})].flatMap((url) => urlOf(url) ?? []);
  const { host = "", port = 443, tls = true } = all[0] ?? {};
  const apart = all.find((other) => other.host !== host || other.port !== port || other.tls !== tls);
  const findings = [
    ...declared
      .filter((name) => !Object.hasOwn(place.queues, name))
      .map((name) => ({ path: `existing.queues.${name}`, value: undefined, rule: "required: the topology has this queue", fix: "give its URL" })),
    ...(["queues", "deadLetters"] as const).flatMap((from) =>
      Object.keys(place[from] ?? {})
        .filter((name) => !declared.includes(name))
        .map((name) => ({
          path: `existing.${from}.${name}`,
          value: name,
          rule: `a queue of the topology: ${declared.join(", ")}`,
          fix: "remove it",
        })),
    ),
    ...(apart
      ? [{ path: "existing.queues", value: [host, apart.host], rule: "queues of one service", fix: "make a MessageQueue for each service" }]
      : []),
    ...existingFindings({ host, tls, ...(place.plaintext === undefined ? {} : { plaintext: place.plaintext }) }, profile).map((finding) =>
      finding.path === "existing.tls"
        ? { ...finding, path: "existing.queues", fix: "use https, or say in existing.plaintext why the way needs none" }
        : finding,
    ),
  ];
  const region = place.region ?? regionOf(host) ?? "us-east-1";
  const connection = (from: "queues" | "deadLetters", name: string): ConnectionSpec => {
    const found = at(from, name);
    return { scheme: tls ? "https" : "http", workload: own.name, port: found ? "queues" : `${from}.${name}`, path: found?.path ?? "" };
  };
  return existingSpec({
    kind: own.kind,
    name: own.name,
    problems: [...own.problems, ...problemsOf(own.name, findings, origins)],
    model: place,
    profile,
    place: { host, port, tls, ...(place.network ? { network: place.network } : {}) },
    ports: { queues: port },
    env: {
      ...(regionOf(host) === undefined ? { AWS_ENDPOINT_URL_SQS: `${tls ? "https" : "http"}://${host}:${port}` } : {}),
      AWS_REGION: region,
      ...(place.accessKey ? { AWS_ACCESS_KEY_ID: place.accessKey.id, AWS_SECRET_ACCESS_KEY: place.accessKey.secret } : {}),
    },
    ...(place.accessKey ? { secrets: { "accessKey.secret": place.accessKey.secret } } : {}),
    connections: Object.fromEntries(
      declared.flatMap((name) => [
        [name, connection("queues", name)],
        [deadLettersOf(name), connection("deadLetters", name)],
      ]),
    ),
    given: args,
    used: ["queues"],
  });
}
