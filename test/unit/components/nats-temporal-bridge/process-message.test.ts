import type { JsMsg } from "@nats-io/jetstream";
import { headers as newHeaders } from "@nats-io/transport-node";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { BridgeConfig } from "../../../../components/nats-temporal-bridge/contract.ts";
import { Metrics } from "../../../../components/nats-temporal-bridge/service/metrics.ts";
import type { Bus } from "../../../../components/nats-temporal-bridge/service/nats.ts";
import type { Span } from "../../../../components/nats-temporal-bridge/service/otlp.ts";
import { processMessage, type Works } from "../../../../components/nats-temporal-bridge/service/process-message.ts";
import type { Start } from "../../../../components/nats-temporal-bridge/service/temporal.ts";

const config: BridgeConfig = {
  stream: "GH",
  consumer: "CODEX",
  routes: [{ subject: "gh.push", workflow: "HandlePush", taskQueue: "codex", id: "push-{id}", json: true }],
  maxDeliver: 5,
  maxInFlight: 10,
  stopSeconds: 30,
  port: 8080,
  verifySubject: "gh.groundplan-verify",
};

const failure = (code: number) => Object.assign(new Error(`code ${code}`), { code });

/** What became of a message: `ack`, `term poison`, `nak 500`. */
const fate: string[] = [];
const logged: string[] = [];
const starts: Start[] = [];
const buried: { subject: string; text: string; reason: string }[] = [];
const spans: Span[] = [];
let works: Works;
let ending: AbortController;
/** Answers of Temporal, one per start; a number is an error with that code, then everything is well. */
let answers: (number | "ok" | (() => void))[];
let deadLettersFail: number;

beforeEach(() => {
  for (const list of [fate, logged, starts, buried, spans]) list.length = 0;
  vi.useFakeTimers();
  vi.spyOn(process.stdout, "write").mockImplementation((line) => logged.push(String(line)) > 0);
  ending = new AbortController();
  answers = [];
  deadLettersFail = 0;
  const bus = {
    connection: { info: { max_payload: 8192 } },
    streams: {
      publish: async (subject: string, data: Uint8Array, { headers }: { headers: ReturnType<typeof newHeaders> }) => {
        if (deadLettersFail-- > 0) throw new Error("503");
        buried.push({ subject, text: new TextDecoder().decode(data), reason: headers.get("Dlq-Reason") });
      },
    },
  } as unknown as Bus;
  const start = async (asked: Start) => {
    starts.push(asked);
    const answer = answers.shift() ?? "ok";
    if (typeof answer === "function") answer();
    if (typeof answer === "number") throw failure(answer);
    return "run-1";
  };
  works = {
    config,
    bus,
    temporal: { start } as unknown as Works["temporal"],
    metrics: new Metrics(),
    spans: { add: (span) => spans.push(span), flush: async () => {} },
    lastDelivery: () => 4,
    ending: ending.signal,
    progress: { answered: 0 },
  };
  return () => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  };
});

function message({ subject = "gh.push", text = '{"token":"hush"}', deliveries = 1, headers = {} as Record<string, string> } = {}): JsMsg {
  const list = newHeaders();
  for (const [name, value] of Object.entries({ "Nats-Msg-Id": "m1", ...headers })) list.set(name, value);
  return {
    subject,
    seq: 42,
    data: new TextEncoder().encode(text),
    headers: list,
    timestamp: "2026-11-21T08:00:00.000Z",
    info: { deliveryCount: deliveries, stream: "GH" },
    ack: () => fate.push("ack"),
    nak: (ms?: number) => fate.push(`nak ${ms ?? "now"}`),
    term: (reason: string) => fate.push(`term ${reason}`),
  } as unknown as JsMsg;
}

const counted = (outcome: string) => Number(new RegExp(`outcome="${outcome}"} (\\d+)`).exec(works.metrics.text())?.[1]);

async function work(given?: JsMsg): Promise<void> {
  const done = processMessage(works, given ?? message());
  await vi.runAllTimersAsync();
  await done;
}

describe("a message", () => {
  test("is acknowledged once its workflow is started, and only then", async () => {
    answers = [() => expect(fate).toEqual([])];
    await work(message({ headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "X-Event": "push" } }));
    expect(fate).toEqual(["ack"]);
    expect(starts[0]).toMatchObject({ workflowId: "push-m1", argument: { subject: "gh.push", id: "m1", data: { token: "hush" } } });
    expect(starts[0]?.argument).toMatchObject({ headers: { "X-Event": "push" } });
    expect(starts[0]?.argument).not.toHaveProperty("headers.Nats-Msg-Id");
    expect(counted("started")).toBe(1);
  });

  test("continues in the bridge's own span, which is a child of the publisher's", async () => {
    await work(message({ headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } }));
    expect(spans[0]).toMatchObject({ parentSpanId: "b7ad6b7169203331", attributes: { "messaging.message.id": "m1", "bridge.outcome": "started" } });
    expect(starts[0]?.trace.traceparent).toBe(`00-0af7651916cd43dd8448eb211c80319c-${spans[0]?.context.spanId}-01`);
  });

  test("is in the trace of its publisher, however that one writes the name", async () => {
    await work(message({ headers: { Traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01` } }));
    expect(spans[0]?.context.traceId).toBe("1".repeat(32));
  });

  test("is logged with ids, and without its payload", async () => {
    await work();
    const line = JSON.parse(logged.join("")) as Record<string, unknown>;
    expect(line).toMatchObject({ message: "workflow started", messageId: "m1", workflowId: "push-m1", subject: "gh.push", runId: "run-1" });
    expect(line.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(logged.join("")).not.toContain("hush");
  });

  test("whose workflow is there already is a duplicate", async () => {
    answers = [6];
    await work();
    expect([fate, counted("duplicate"), counted("started")]).toEqual([["ack"], 1, 0]);
  });
});

describe("dead letters", () => {
  test.each([
    [{ text: "{" }, [], "poison", "dead"],
    [{ subject: "gh.other" }, [], "unroutable", "unroutable"],
    [{}, [3], "refused", "dead"],
    [{ deliveries: 4 }, [13], "exhausted", "dead"],
  ])("%j with answers %j: %s", async (given, codes, reason, outcome) => {
    answers = [...codes];
    await work(message(given));
    expect(fate).toEqual([`term ${reason}`]);
    expect(buried).toEqual([{ subject: `dlq.GH.${message(given).subject}`, text: new TextDecoder().decode(message(given).data), reason }]);
    expect(counted(outcome)).toBe(1);
  });

  test("the original goes only when the dead letter is taken, however often that fails", async () => {
    deadLettersFail = 3;
    const done = processMessage(works, message({ text: "{" }));
    await vi.advanceTimersByTimeAsync(1000);
    expect(fate).toEqual([]);
    await vi.runAllTimersAsync();
    await done;
    expect([fate, buried.length]).toEqual([["term poison"], 1]);
  });

  test("a payload that leaves no room for the headers stays in the stream, and the letter says so", async () => {
    await work(message({ text: "x".repeat(8000) }));
    expect([fate, buried[0]?.text]).toEqual([["term poison"], ""]);
  });

  test("headers that leave no room for those of the letter stay in the stream, too", async () => {
    let size = 0;
    const { publish } = works.bus.streams;
    works.bus.streams.publish = (subject, data, options) => {
      const { headers } = options as unknown as { headers: { encode(): Uint8Array } };
      size = headers.encode().length + (data as Uint8Array).length;
      return publish(subject, data, options);
    };
    await work(message({ text: "{", headers: { "X-Long": "x".repeat(8000) } }));
    expect([fate, buried[0]?.text]).toEqual([["term poison"], ""]);
    expect(size).toBeLessThan(4096);
  });

  test("a header that no client may write does not keep a message alive", async () => {
    const strange = message({ text: "{" });
    vi.spyOn(strange, "headers", "get").mockReturnValue(new Map([["a: b", ["c"]]]) as unknown as JsMsg["headers"]);
    await work(strange);
    expect(fate).toEqual(["term poison"]);
  });
});

describe("a start that fails", () => {
  test("for its own reasons comes again after a while", async () => {
    answers = [13];
    await work(message({ deliveries: 2 }));
    expect(fate).toEqual([expect.stringMatching(/^nak (7[5-9]\d|[89]\d\d|1000)$/)]);
    expect(counted("retried")).toBe(1);
  });

  test("because Temporal is away waits here as one request, also on its last delivery", async () => {
    answers = [14, 14, 4, 8];
    await work(message({ deliveries: 4 }));
    expect([fate, buried]).toEqual([["ack"], []]);
    expect(starts.length).toBe(5);
    expect(new Set(starts.map(({ requestId }) => requestId)).size).toBe(1);
  });

  test("as if Temporal were away, while others get through, is its own failure", async () => {
    answers = [
      14,
      () => {
        works.progress.answered += 1;
        throw failure(14);
      },
    ];
    await work(message({ deliveries: 4 }));
    expect([fate, buried[0]?.reason]).toEqual([["term exhausted"], "exhausted"]);
  });

  test("because Temporal is busy waits, although others get through", async () => {
    const busy = () => {
      works.progress.answered += 1;
      throw failure(8);
    };
    answers = [busy, busy, busy];
    await work(message({ deliveries: 4 }));
    expect([fate, buried, starts.length]).toEqual([["ack"], [], 4]);
  });

  test("is given back when the process must end", async () => {
    answers = Array.from({ length: 1000 }, () => 14);
    const done = processMessage(works, message());
    await vi.advanceTimersByTimeAsync(5000);
    ending.abort();
    await vi.runAllTimersAsync();
    await done;
    expect(fate).toEqual(["nak now"]);
  });
});
