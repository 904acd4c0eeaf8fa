import { randomBytes } from "node:crypto";

/** A place in a trace, as W3C trace context has it. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
  readonly state: string;
}

const shape = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

export function parseTraceparent(traceparent: string, tracestate: string): TraceContext | undefined {
  const [, traceId, spanId, flags] = shape.exec(traceparent.trim()) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1, state: tracestate };
}

const id = (bytes: number) => randomBytes(bytes).toString("hex");

/** The span of one message: in the trace of its publisher, or in a new one. */
export const childOf = (parent: TraceContext | undefined): TraceContext =>
  parent ? { ...parent, spanId: id(8) } : { traceId: id(16), spanId: id(8), sampled: true, state: "" };

/** What the OpenTelemetry interceptors of Temporal's SDKs look for in the header `_tracer-data`. */
export const carrier = ({ traceId, spanId, sampled, state }: TraceContext): Record<string, string> => ({
  traceparent: `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`,
  ...(state ? { tracestate: state } : {}),
});
