import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covers, verifySubjectOf } from "../../../../components/nats-temporal-bridge/contract.ts";
import { backoffMs, lastDelivery } from "../../../../components/nats-temporal-bridge/service/backoff.ts";
import { configProblems, environment } from "../../../../components/nats-temporal-bridge/service/config.ts";
import { deadHeaders, deadId, deadSubject } from "../../../../components/nats-temporal-bridge/service/dead-letter.ts";
import { messageId, payloadOf, routeOf, workflowId } from "../../../../components/nats-temporal-bridge/service/mapping.ts";
import { Metrics } from "../../../../components/nats-temporal-bridge/service/metrics.ts";
import { carrier, childOf, parseTraceparent } from "../../../../components/nats-temporal-bridge/service/trace.ts";
import { verdictOf } from "../../../../components/nats-temporal-bridge/service/verdict.ts";

const envelope = { stream: "GH", subject: "gh.push", sequence: 42, time: "2026-11-21T08:00:00.000Z", givenId: "" };

describe("subjects", () => {
  test.each([
    ["gh.push", "gh.push", true],
    ["gh.push", "gh.pull", false],
    ["gh.*", "gh.push", true],
    ["gh.*", "gh.push.main", false],
    ["gh.*", "gh", false],
    ["gh.>", "gh.push.main", true],
    ["gh.>", "gh", false],
    ["gh.*.main", "gh.push.main", true],
    [">", "anything.at.all", true],
    ["gh.push", "gh.*", false],
    ["gh.*", "gh.>", false],
  ])("%s takes all of %s: %s", (wide, narrow, expected) => expect(covers(wide, narrow)).toBe(expected));

  test("the first route that matches has the message", () => {
    const route = (subject: string) => ({ subject, workflow: subject, taskQueue: "q", id: "{id}", json: true });
    const routes = [route("gh.push"), route("gh.*"), route("gh.>")];
    expect(["gh.push", "gh.tag", "gh.a.b", "other"].map((subject) => routeOf(routes, subject)?.workflow)).toEqual([
      "gh.push",
      "gh.*",
      "gh.>",
      undefined,
    ]);
  });

  test.each([
    ["gh.push", "gh.groundplan-verify"],
    ["gh.>", "gh.groundplan-verify"],
    ["gh.*", "gh.groundplan-verify"],
    ["gh.*.created", "gh.groundplan-verify.created"],
    ["jobs", "groundplan-verify"],
    [">", "groundplan-verify"],
  ])("the check of a route %s sends on %s", (route, expected) => expect(verifySubjectOf(route)).toBe(expected));
});

describe("workflow ids", () => {
  test("come from the publisher's id, else from the place in the stream", () => {
    expect(messageId({ ...envelope, givenId: "a-1" })).toBe("a-1");
    expect(messageId(envelope)).toBe("GH-42-1795248000000");
    // A stream that was made anew counts from the beginning: another message, so another id.
    expect(messageId({ ...envelope, time: "2026-11-22T08:00:00.000Z" })).not.toBe(messageId(envelope));
    expect(workflowId("{subject}/{id}/{sequence}", { ...envelope, givenId: "a-1" })).toBe("gh.push/a-1/42");
  });

  test("an id with words in braces is not filled in once more", () => {
    expect(workflowId("push-{id}", { ...envelope, givenId: "{sequence}$&" })).toBe("push-{sequence}$&");
  });

  test("never are longer than Temporal keeps, are the same every time, and differ where messages differ", () => {
    const start = fc.constantFrom("", "é".repeat(120), "x".repeat(300));
    fc.assert(
      fc.property(start, fc.string(), fc.string(), (prefix, one, other) => {
        const [a = "", b, again] = [one, other, one].map((id) => workflowId("push-{id}", { ...envelope, givenId: `${prefix}.${id}` }));
        expect(Buffer.byteLength(a)).toBeLessThanOrEqual(255);
        expect(again).toBe(a);
        expect(a === b).toBe(one === other);
      }),
    );
  });
});

describe("payloads", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  test("are parsed where JSON is demanded, and what is none is poison without being quoted", () => {
    expect(payloadOf(bytes('{"a":[1]}'), true)).toEqual({ a: [1] });
    expect(() => payloadOf(bytes("{secret"), true)).toThrow(/^the payload is not JSON$/);
    expect(() => payloadOf(bytes(""), true)).toThrow("the payload is empty");
    expect(() => payloadOf(new Uint8Array([0x22, 0xff, 0x22]), true)).toThrow("not JSON");
  });
  test("keep the digits of their numbers", () => {
    const text = '{"id":12345678901234567890,"share":1.10,"list":[1e400,7,-0],"deep":{"number":"12345678901234567890"}}';
    expect(JSON.stringify(payloadOf(bytes(text), true))).toBe(text);
  });
  test("are Base64 where they need not be JSON and are not", () => {
    expect(payloadOf(bytes("7"), false)).toBe(7);
    expect(payloadOf(new Uint8Array([0xff, 0]), false)).toBe("/wA=");
  });
});

describe("waiting", () => {
  test("doubles from half a second up to half a minute, spread over a quarter", () => {
    expect([1, 2, 3, 7, 50].map((attempt) => backoffMs(attempt, () => 0))).toEqual([500, 1000, 2000, 30_000, 30_000]);
    expect(backoffMs(1, () => 1)).toBe(375);
  });
  test.each([
    [5, 10, 5],
    [5, 5, 4],
    [5, 2, 1],
    [5, 1, 1],
    [5, -1, 5],
    [5, undefined, 5],
  ])("a message is given up after %s deliveries, of %s by the server: %s", (wanted, server, expected) =>
    expect(lastDelivery(wanted, server)).toBe(expected),
  );
});

describe("what a failed start means", () => {
  test.each([
    [6, "", "duplicate"],
    [3, "", "refused"],
    [11, "", "refused"],
    [14, "", "held"],
    [4, "", "held"],
    [5, "namespace not found", "held"],
    [8, "busy", "busy"],
    [8, "grpc: received message larger than max (5000000 vs. 4194304)", "refused"],
    [13, "", "again"],
    [2, "", "again"],
  ])("code %s %s: %s", (code, message, expected) => expect(verdictOf(Object.assign(new Error(message), { code }))).toBe(expected));
  test("something else than an answer of Temporal: again", () => expect(verdictOf(new TypeError("x"))).toBe("again"));
});

describe("dead letters", () => {
  const dead = {
    stream: "GH",
    consumer: "CODEX",
    subject: "gh.push",
    sequence: 42,
    deliveries: 3,
    id: "a\r\n1",
    time: "2026-11-21T08:00:00.000Z",
    headers: [
      ["traceparent", "00-a-b-01"],
      ["Nats-Msg-Id", "a1"],
      ["Nats-Expected-Last-Sequence", "7"],
      ["Dlq-Reason", "older"],
    ] as const,
  };
  test("say why and from where, keep the message's headers, and give the server no orders", () => {
    const written = deadHeaders(dead, "exhausted", "line one\n  line\ttwo", new Date("2026-11-21T09:00:00Z"));
    expect(Object.fromEntries(written)).toEqual({
      traceparent: "00-a-b-01",
      "Dlq-Reason": "exhausted",
      "Dlq-Error": "line one line two",
      "Dlq-Stream": "GH",
      "Dlq-Consumer": "CODEX",
      "Dlq-Sequence": "42",
      "Dlq-Deliveries": "3",
      "Dlq-Subject": "gh.push",
      "Dlq-Message-Id": "a 1",
      "Dlq-Message-Time": "2026-11-21T08:00:00.000Z",
      "Dlq-Time": "2026-11-21T09:00:00.000Z",
    });
    expect(written.length).toBe(new Set(written.map(([name]) => name)).size);
    expect([deadSubject("GH", "gh.push"), deadId(dead)]).toEqual(["dlq.GH.gh.push", "dlq-GH-CODEX-42"]);
  });
});

describe("trace context", () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  test("is carried as the interceptors of Temporal's SDKs write it", () => {
    const parent = parseTraceparent(traceparent, "vendor=1");
    expect(parent && carrier(parent)).toEqual({ traceparent, tracestate: "vendor=1" });
    const child = childOf(parent);
    expect(child).toMatchObject({ traceId: "0af7651916cd43dd8448eb211c80319c", sampled: true, state: "vendor=1" });
    expect(child.spanId).toMatch(/^(?!b7ad6b7169203331)[0-9a-f]{16}$/);
  });
  test("is a new one where there is none", () => {
    expect(carrier(childOf(undefined)).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
  test.each([
    "",
    "x",
    traceparent.slice(1),
    traceparent.replace("00-", "ff-"),
    traceparent.replace(/0af\w+/, "0".repeat(32)),
    traceparent.toUpperCase(),
  ])("is not taken from %j", (wrong) => expect(parseTraceparent(wrong, "")).toBeUndefined());
  test("that is not sampled stays so", () => expect(parseTraceparent(traceparent.replace(/01$/, "00"), "")?.sampled).toBe(false));
});

test("figures are in the text format, also before anything happened", () => {
  const metrics = new Metrics();
  expect(metrics.text()).toContain('bridge_messages_total{outcome="dead"} 0\n');
  expect(metrics.text()).not.toMatch(/^bridge_pending_messages /m);
  metrics.count("started");
  metrics.timeStart(0.03);
  metrics.timeStart(60);
  metrics.pending = 7;
  metrics.connected.nats = true;
  const text = metrics.text();
  expect(text).toContain('bridge_messages_total{outcome="started"} 1\n');
  expect(text).toContain('bridge_start_seconds_bucket{le="0.025"} 0\nbridge_start_seconds_bucket{le="0.05"} 1\n');
  expect(text).toContain('bridge_start_seconds_bucket{le="10"} 1\nbridge_start_seconds_bucket{le="+Inf"} 2\n');
  expect(text).toContain("bridge_pending_messages 7\n");
  expect(text).toContain('bridge_connected{to="nats"} 1\nbridge_connected{to="temporal"} 0\n');
  for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]+"\})? [\d.e+]+)$/);
});

test("what the process is told is checked, all at once", () => {
  expect(() => environment({})).toThrow("NATS_URL, TEMPORAL_ADDRESS");
  expect(configProblems({ stream: "GH", routes: [{ subject: "a" }], maxDeliver: 0 })).toEqual([
    "consumer is not a text",
    "verifySubject is not a text",
    "maxDeliver is not a whole number above 0",
    "maxInFlight is not a whole number above 0",
    "stopSeconds is not a whole number above 0",
    "port is not a whole number above 0",
    "routes[0].workflow is not a text",
    "routes[0].taskQueue is not a text",
    "routes[0].id is not a text",
    "routes[0].json is neither true nor false",
  ]);
  expect(configProblems([])).toEqual(["not an object"]);
});
