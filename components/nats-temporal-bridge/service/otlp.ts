import { log, reasonOf } from "./log.ts";
import type { TraceContext } from "./trace.ts";

export interface Span {
  readonly context: TraceContext;
  readonly parentSpanId: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** What went wrong; undefined when nothing did. */
  readonly error?: string;
}

export interface SpanExporter {
  add(span: Span): void;
  flush(): Promise<void>;
}

const batch = 512;
const kept = 4096;
const everyMs = 2000;

/** Spans as OTLP over HTTP in JSON, by the variables that OpenTelemetry's SDKs read; nothing without an endpoint. */
export function spanExporter(env: NodeJS.ProcessEnv): SpanExporter | undefined {
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (base ? `${base.replace(/\/+$/, "")}/v1/traces` : "");
  if (!url || env.OTEL_SDK_DISABLED === "true") return undefined;
  const resource = {
    attributes: attributesOf({ ...listOf(env.OTEL_RESOURCE_ATTRIBUTES), "service.name": env.OTEL_SERVICE_NAME || "nats-temporal-bridge" }),
  };
  const headers = { "content-type": "application/json", ...listOf(env.OTEL_EXPORTER_OTLP_HEADERS) };
  const waiting: Span[] = [];
  let failing = false;
  let sending = Promise.resolve();

  async function send(): Promise<void> {
    const spans = waiting.splice(0, batch);
    if (spans.length === 0) return;
    try {
      const body = JSON.stringify({
        resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "nats-temporal-bridge" }, spans: spans.map(wire) }] }],
      });
      const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(5000) });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the collector answers ${answer.status}`);
      if (failing) log("info", "spans are exported again");
      failing = false;
    } catch (error) {
      if (!failing) log("warn", "spans are not exported", { error: reasonOf(error) });
      failing = true;
      waiting.unshift(...spans);
      waiting.splice(0, waiting.length - kept);
      return;
    }
    if (waiting.length > 0) await send();
  }

  const flush = () => {
    sending = sending.then(send);
    return sending;
  };
  setInterval(() => void flush(), everyMs).unref();
  return {
    add(span) {
      waiting.push(span);
      if (waiting.length > kept) waiting.shift();
    },
    flush,
  };
}

const consumerKind = 5;
const nano = (ms: number) => `${Math.round(ms * 1000)}000`;

/** Ids are written in hex and times as text, as OTLP has it in JSON. */
const wire = ({ context, parentSpanId, name, startMs, endMs, attributes, error }: Span) => ({
  traceId: context.traceId,
  spanId: context.spanId,
  ...(parentSpanId ? { parentSpanId } : {}),
  ...(context.state ? { traceState: context.state } : {}),
  name,
  kind: consumerKind,
  startTimeUnixNano: nano(startMs),
  endTimeUnixNano: nano(endMs),
  attributes: attributesOf(attributes),
  // Without an error the status is left open, as the conventions have it.
  ...(error === undefined ? {} : { status: { code: 2, message: error } }),
});

const attributesOf = (attributes: Readonly<Record<string, string | number>>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));

/** `a=b,c=d` with values as in URLs. */
function listOf(text = ""): Record<string, string> {
  const pairs = text.split(",").flatMap((part) => {
    const [, key = "", value = ""] = /^\s*([^=]+?)\s*=(.*)$/.exec(part) ?? [];
    return key ? [[key, decodeURIComponent(value.trim())] as const] : [];
  });
  return Object.fromEntries(pairs);
}
