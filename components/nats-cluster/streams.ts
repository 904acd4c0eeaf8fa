import { type Check, type Finding, integer, listOf, mapOf, matching, oneOf, shape } from "../../src/core/checks.ts";

/** A durable consumer of a stream. */
export interface ConsumerArgs {
  /** Subject within the stream that it gets. @default all subjects of the stream @change safe */
  readonly filterSubject?: string;
  /** Seconds until an unacknowledged message is delivered again. @default 30 @change safe */
  readonly ackWaitSeconds?: number;
  /**
   * Deliveries until a message counts as dead; the DLQ stream then tells which.
   * @default 5
   * @unit deliveries
   * @change safe
   */
  readonly maxDeliver?: number;
  /** Messages that may be out unacknowledged. @default 1000 @unit messages @change safe */
  readonly maxAckPending?: number;
  /** Where a new consumer begins. @default "all" @change replace; refused, make a new consumer */
  readonly deliver?: "all" | "new" | "last";
}

/** A stream: what it keeps, for how long, and who reads it. */
export interface StreamArgs {
  /** Subjects that it keeps, e.g. `orders.>`. @change safe */
  readonly subjects: readonly string[];
  /**
   * `limits` keeps by age and size, `workqueue` until acknowledged, `interest` while consumers want it.
   * @default "limits"
   * @change replace; refused for a stream that is there
   */
  readonly retention?: "limits" | "workqueue" | "interest";
  /** Hours that messages are kept; 0 is for ever. @default 0 @change safe */
  readonly maxAgeHours?: number;
  /** Size limit in MiB; 0 is the limit of the server. @default 0 @change safe */
  readonly maxMiB?: number;
  /** At a limit: drop the `old` or refuse the `new`. @default "old" @change safe */
  readonly discard?: "old" | "new";
  /** Seconds within which a repeated message id is dropped. @default 120 @change safe */
  readonly duplicateWindowSeconds?: number;
  /**
   * Durable consumers by name. A new one appears at the next `up`; one that is taken out stays until it is deleted by hand.
   * @default none
   * @change safe
   */
  readonly consumers?: Readonly<Record<string, ConsumerArgs>>;
}

/** Streams by name. */
export type Streams = Readonly<Record<string, StreamArgs>>;

const assetName = matching(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, "1 to 32 letters, digits, _ or -, starting with a letter", "rename it, e.g. ORDERS");
const streamName: Check = (value, at) =>
  value === "DLQ"
    ? [{ path: at, value, rule: "another name than DLQ, which the library keeps for dead letters", fix: "rename the stream" }]
    : assetName(value, at);
const subject = matching(
  /^(?!\$)([^\s.*>]+|\*)(\.([^\s.*>]+|\*))*(\.>)?$/,
  "a subject such as orders.> or orders.*.created, not starting with $",
  "separate words by dots; * stands for one word, > for the rest",
);

const consumer = shape<ConsumerArgs>({
  filterSubject: subject,
  ackWaitSeconds: integer(1, 86_400, "seconds"),
  maxDeliver: integer(1, 1000),
  maxAckPending: integer(1, 1_000_000),
  deliver: oneOf(["all", "new", "last"]),
});

const stream = shape<StreamArgs>(
  {
    subjects: listOf(subject, 1),
    retention: oneOf(["limits", "workqueue", "interest"]),
    maxAgeHours: integer(0, 876_000, "hours"),
    maxMiB: integer(0, 67_108_864, "MiB"),
    discard: oneOf(["old", "new"]),
    duplicateWindowSeconds: integer(1, 86_400, "seconds"),
    consumers: mapOf(assetName, consumer),
  },
  ["subjects"],
);

export const streamsCheck: Check = mapOf(streamName, stream);

/** No subject may be kept twice, be it by two streams or by one: the server refuses it. */
export function overlapping(streams: Streams): Finding[] {
  const all = Object.entries(streams).flatMap(([name, args]) => args.subjects.map((subjectOf, index) => ({ name, index, subject: subjectOf })));
  return all.flatMap((a, i) => {
    const other = all.slice(0, i).find((b) => subjectsMeet(a.subject, b.subject));
    if (!other) return [];
    const rule = `a subject that nothing keeps already; ${other.name} keeps ${other.subject}`;
    return [{ path: `streams.${a.name}.subjects[${a.index}]`, value: a.subject, rule, fix: "narrow one of the two" }];
  });
}

export function subjectsMeet(a: string, b: string): boolean {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === ">" || y === ">") return x !== undefined && y !== undefined;
    if (x === undefined || y === undefined) return false;
    if (x !== y && x !== "*" && y !== "*") return false;
  }
  return true;
}

/** What the server refuses between the settings of one stream and of its consumers. */
export function contradictions(streams: Streams): Finding[] {
  return Object.entries(streams).flatMap(([name, args]) => {
    const maxAgeSeconds = (args.maxAgeHours ?? 0) * 3600;
    const window = args.duplicateWindowSeconds;
    const at = `streams.${name}`;
    return [
      ...(window && maxAgeSeconds > 0 && window > maxAgeSeconds
        ? [
            {
              path: `${at}.duplicateWindowSeconds`,
              value: window,
              rule: `not longer than messages are kept, ${maxAgeSeconds} seconds`,
              fix: "shorten it",
            },
          ]
        : []),
      ...consumerContradictions(at, args),
    ];
  });
}

function consumerContradictions(at: string, args: StreamArgs): Finding[] {
  const consumers = Object.entries(args.consumers ?? {});
  return consumers.flatMap(([name, { filterSubject, deliver }], index) => {
    const path = `${at}.consumers.${name}`;
    const found: Finding[] = [];
    if (filterSubject && !args.subjects.some((kept) => subjectsMeet(kept, filterSubject))) {
      found.push({
        path: `${path}.filterSubject`,
        value: filterSubject,
        rule: `a subject that the stream keeps: ${args.subjects.join(", ")}`,
        fix: "correct it, or leave it out",
      });
    }
    if (args.retention !== "workqueue") return found;
    if (deliver && deliver !== "all")
      found.push({ path: `${path}.deliver`, value: deliver, rule: "all: a work queue delivers everything", fix: "leave it out" });
    const other = consumers.slice(0, index).find(([, earlier]) => subjectsMeet(earlier.filterSubject ?? ">", filterSubject ?? ">"));
    if (other)
      found.push({
        path: `${path}.filterSubject`,
        value: filterSubject,
        rule: `a part of the work queue of its own; ${other[0]} has this one`,
        fix: "narrow one of the two",
      });
    return found;
  });
}

const seconds = (n: number) => n * 1_000_000_000;

/** The server's own form of a stream. */
export function streamConfig(name: string, args: StreamArgs, replicas: number): Record<string, unknown> {
  return {
    name,
    subjects: args.subjects,
    retention: args.retention ?? "limits",
    storage: "file",
    num_replicas: replicas,
    max_age: seconds((args.maxAgeHours ?? 0) * 3600),
    max_bytes: args.maxMiB ? args.maxMiB * 1024 * 1024 : -1,
    max_msgs: -1,
    max_msg_size: -1,
    max_consumers: -1,
    max_msgs_per_subject: -1,
    discard: args.discard ?? "old",
    duplicate_window: seconds(args.duplicateWindowSeconds ?? Math.min(120, (args.maxAgeHours || 1) * 3600)),
  };
}

export function consumerConfig(name: string, args: ConsumerArgs): Record<string, unknown> {
  return {
    name,
    durable_name: name,
    deliver_policy: args.deliver ?? "all",
    ack_policy: "explicit",
    ack_wait: seconds(args.ackWaitSeconds ?? 30),
    max_deliver: args.maxDeliver ?? 5,
    max_ack_pending: args.maxAckPending ?? 1000,
    replay_policy: "instant",
    ...(args.filterSubject ? { filter_subject: args.filterSubject } : {}),
  };
}
