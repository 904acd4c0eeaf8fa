import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  consumerConfig,
  contradictions,
  overlapping,
  type StreamArgs,
  streamConfig,
  subjectsMeet,
} from "../../../../components/nats-cluster/streams.ts";

/** All subjects of one to four words; more words than any pattern below has before its `>`. */
const words = ["a", "b", "c"];
const subjects = [1, 2, 3, 4].flatMap((length) =>
  Array.from({ length: length - 1 }).reduce<string[]>((list) => list.flatMap((s) => words.map((w) => `${s}.${w}`)), words),
);

/** The rule of the NATS documentation, word by word. */
function matches(pattern: string, subject: string): boolean {
  const [head, ...rest] = pattern.split(".");
  const [word, ...others] = subject.split(".");
  if (head === ">") return true;
  if (head !== "*" && head !== word) return false;
  if (rest.length === 0 || others.length === 0) return rest.length === others.length;
  return matches(rest.join("."), others.join("."));
}

const pattern = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "*"), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([parts, open]) => [...parts, ...(open ? [">"] : [])].join("."));

describe("subjectsMeet", () => {
  test("agrees with trying every subject", () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const both = subjects.some((subject) => matches(a, subject) && matches(b, subject));
        expect([a, b, subjectsMeet(a, b)]).toEqual([a, b, both]);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["orders.>", "orders", false],
    ["orders.>", "orders.new", true],
    ["orders.*", "orders.new.eu", false],
    ["*.new", "orders.*", true],
    ["a.>", "b.>", false],
  ])("%s and %s: %s", (a, b, meet) => {
    expect(subjectsMeet(a, b)).toBe(meet);
    expect(subjectsMeet(b, a)).toBe(meet);
  });
});

test("overlaps are found at the later subject, within a stream and between two", () => {
  const paths = (streams: Record<string, string[]>) =>
    overlapping(Object.fromEntries(Object.entries(streams).map(([name, list]) => [name, { subjects: list }]))).map(({ path }) => path);
  expect(paths({ A: ["a.>"], B: ["b", "a.b"], C: ["a.b.c", "c"] })).toEqual(["streams.B.subjects[1]", "streams.C.subjects[0]"]);
  expect(paths({ A: ["a", "b", "a"] })).toEqual(["streams.A.subjects[2]"]);
  expect(paths({ A: ["a.*"], B: ["a.b.c"], C: ["b"] })).toEqual([]);
});

describe("contradictions, which the server would refuse only at up", () => {
  const paths = (stream: StreamArgs) => contradictions({ S: stream }).map(({ path }) => path);

  test("a window for repeated messages that is longer than messages are kept", () => {
    expect(paths({ subjects: ["a.>"], maxAgeHours: 1, duplicateWindowSeconds: 3601 })).toEqual(["streams.S.duplicateWindowSeconds"]);
    expect(paths({ subjects: ["a.>"], maxAgeHours: 1, duplicateWindowSeconds: 3600 })).toEqual([]);
    expect(paths({ subjects: ["a.>"], duplicateWindowSeconds: 3601 })).toEqual([]);
  });

  test("a filter outside the stream", () => {
    expect(paths({ subjects: ["a.>"], consumers: { IN: { filterSubject: "a.b" }, OUT: { filterSubject: "b.a" } } })).toEqual([
      "streams.S.consumers.OUT.filterSubject",
    ]);
  });

  test("a work queue: each message for one consumer, and from the beginning", () => {
    const consumers = { A: { filterSubject: "a.x" }, B: { filterSubject: "a.>" }, C: { filterSubject: "a.y", deliver: "new" as const } };
    expect(paths({ subjects: ["a.>"], retention: "workqueue", consumers })).toEqual([
      "streams.S.consumers.B.filterSubject",
      "streams.S.consumers.C.deliver",
      "streams.S.consumers.C.filterSubject",
    ]);
    expect(paths({ subjects: ["a.>"], consumers })).toEqual([]);
  });
});

describe("the server's own form", () => {
  test("of a stream: hours and seconds become nanoseconds, no limit is -1, copies are the nodes", () => {
    expect(streamConfig("A", { subjects: ["a"] }, 3)).toMatchObject({
      name: "A",
      subjects: ["a"],
      retention: "limits",
      max_age: 0,
      max_bytes: -1,
      num_replicas: 3,
      discard: "old",
      storage: "file",
    });
    expect(
      streamConfig("A", { subjects: ["a"], maxAgeHours: 2, maxMiB: 3, duplicateWindowSeconds: 5, retention: "workqueue", discard: "new" }, 1),
    ).toMatchObject({
      max_age: 2 * 3600 * 1e9,
      max_bytes: 3 * 1024 * 1024,
      duplicate_window: 5e9,
      retention: "workqueue",
      discard: "new",
    });
  });

  test("of a consumer: durable, and every message acknowledged", () => {
    expect(consumerConfig("W", {})).toMatchObject({
      durable_name: "W",
      ack_policy: "explicit",
      ack_wait: 30e9,
      max_deliver: 5,
      deliver_policy: "all",
    });
    expect(consumerConfig("W", {})).not.toHaveProperty("filter_subject");
    expect(consumerConfig("W", { filterSubject: "a.b", ackWaitSeconds: 1, maxDeliver: 2, maxAckPending: 3, deliver: "new" })).toMatchObject({
      filter_subject: "a.b",
      ack_wait: 1e9,
      max_deliver: 2,
      max_ack_pending: 3,
      deliver_policy: "new",
    });
  });
});
