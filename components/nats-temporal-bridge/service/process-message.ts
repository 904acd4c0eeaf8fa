import { randomUUID } from "node:crypto";
import type { JsMsg } from "@nats-io/jetstream";
import type { BridgeConfig, Route } from "../contract.ts";
import { backoffMs, pause } from "./backoff.ts";
import type { DeadMessage, Reason } from "./dead-letter.ts";
import { bury } from "./dead-letters.ts";
import { log, reasonOf } from "./log.ts";
import { type Argument, messageId, PoisonError, payloadOf, routeOf, workflowId } from "./mapping.ts";
import type { Metrics } from "./metrics.ts";
import type { Bus } from "./nats.ts";
import type { SpanExporter } from "./otlp.ts";
import type { Start, Temporal } from "./temporal.ts";
import { carrier, childOf, parseTraceparent, type TraceContext } from "./trace.ts";
import { verdictOf } from "./verdict.ts";

/** What the work on a message needs. */
export interface Works {
  readonly config: BridgeConfig;
  readonly bus: Bus;
  readonly temporal: Temporal;
  readonly metrics: Metrics;
  readonly spans: SpanExporter | undefined;
  /** Delivery after which a message is dead. */
  readonly lastDelivery: () => number;
  /** Fires when messages that wait for Temporal must be given back. */
  readonly ending: AbortSignal;
  /** Starts that Temporal answered well: as long as it grows, a failure is the message's own. */
  readonly progress: { answered: number };
}

type Ended =
  | { readonly as: "started" | "duplicate"; readonly runId?: string }
  | { readonly as: "dead"; readonly reason: Reason; readonly error: string }
  | { readonly as: "again"; readonly error: string }
  | { readonly as: "ending" };

/** Longest that one message waits for Temporal while Temporal itself is well. */
const patienceMs = 300_000;
/** The try after which the waits for Temporal get no longer: 4 seconds. */
const longestHold = 4;

/** From delivery to acknowledgement: a workflow, a dead letter, or another delivery. */
export async function processMessage(works: Works, message: JsMsg): Promise<void> {
  const { config, metrics, ending } = works;
  const startMs = Date.now();
  const { subject, seq: sequence } = message;
  const { deliveryCount: deliveries, stream } = message.info;
  const envelope = { stream, subject, sequence, time: message.timestamp, givenId: headerOf(message, "nats-msg-id") };
  const id = messageId(envelope);
  const parent = parseTraceparent(headerOf(message, "traceparent"), headerOf(message, "tracestate"));
  const span = childOf(parent);
  const route = routeOf(config.routes, subject);
  const workflow = route ? workflowId(route.id, envelope) : "";
  // Where no span is exported, the publisher's own place in the trace is what the workflow continues.
  const passed = works.spans || !parent ? span : parent;
  const ended = route
    ? await startOf(works, message, route, { id, workflow, passed })
    : ({ as: "dead", reason: "unroutable", error: `no route takes ${subject}` } as const);
  const known = { messageId: id, subject, sequence, deliveries, traceId: span.traceId, ...(workflow ? { workflowId: workflow } : {}) };
  switch (ended.as) {
    case "started":
    case "duplicate":
      message.ack();
      metrics.count(ended.as);
      log("info", ended.as === "started" ? "workflow started" : "the workflow is there already", {
        ...known,
        workflowType: route?.workflow,
        ...(ended.runId ? { runId: ended.runId } : {}),
      });
      break;
    case "again": {
      const delay = backoffMs(deliveries);
      message.nak(delay);
      metrics.count("retried");
      log("warn", "the start failed; the message comes again", { ...known, error: ended.error, delayMs: delay });
      break;
    }
    case "dead": {
      const dead: DeadMessage = { ...known, id, stream, consumer: config.consumer, time: message.timestamp, headers: headersOf(message) };
      if (!(await bury(works.bus, dead, message, ended.reason, ended.error, ending))) return;
      message.term(ended.reason);
      metrics.count(ended.reason === "unroutable" ? "unroutable" : "dead");
      log("error", "the message is a dead letter", { ...known, reason: ended.reason, error: ended.error });
      break;
    }
    case "ending":
      message.nak();
      return;
  }
  if (!span.sampled) return;
  works.spans?.add({
    context: span,
    parentSpanId: parent?.spanId ?? "",
    name: `process ${route?.subject ?? subject}`,
    startMs,
    endMs: Date.now(),
    attributes: {
      "messaging.system": "nats",
      "messaging.operation.type": "process",
      "messaging.destination.name": subject,
      "messaging.consumer.group.name": config.consumer,
      "messaging.message.id": id,
      "messaging.nats.stream": stream,
      "messaging.nats.sequence": sequence,
      "bridge.outcome": ended.as,
      ...(workflow ? { temporalWorkflowID: workflow } : {}),
      ...(ended.as === "started" && ended.runId ? { temporalRunID: ended.runId } : {}),
    },
    ...("error" in ended ? { error: ended.error } : {}),
  });
}

interface Named {
  readonly id: string;
  readonly workflow: string;
  readonly passed: TraceContext;
}

async function startOf(works: Works, message: JsMsg, route: Route, { id, workflow, passed }: Named): Promise<Ended> {
  try {
    const headers = Object.fromEntries(headersOf(message).filter(([name]) => !/^nats-/i.test(name)));
    const argument: Argument = {
      subject: message.subject,
      id,
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      data: payloadOf(message.data, route.json),
    };
    return await startUntil(works, message.info.deliveryCount, {
      route,
      workflowId: workflow,
      requestId: randomUUID(),
      argument,
      trace: carrier(passed),
    });
  } catch (error) {
    if (error instanceof PoisonError) return { as: "dead", reason: "poison", error: error.message };
    throw error;
  }
}

/** Starts the workflow; while Temporal is away the message waits here, as that is not its fault and costs no delivery. */
async function startUntil({ temporal, metrics, ending, lastDelivery, progress }: Works, deliveries: number, start: Start): Promise<Ended> {
  let answeredThen = Number.POSITIVE_INFINITY;
  const since = Date.now();
  for (let attempt = 1; ; attempt++) {
    const begin = performance.now();
    try {
      const runId = await temporal.start(start);
      progress.answered += 1;
      return { as: "started", runId };
    } catch (failure) {
      const error = reasonOf(failure);
      const verdict = verdictOf(failure);
      if (verdict === "duplicate") {
        progress.answered += 1;
        return { as: "duplicate" };
      }
      if (verdict === "refused") return { as: "dead", reason: "refused", error };
      // Others got through since it failed before, or Temporal is well and only this one never is. That others get through
      // a server that is busy says nothing of this one.
      const alone = verdict === "held" && progress.answered > answeredThen;
      const own = verdict === "again" || alone || (Date.now() - since > patienceMs && metrics.connected.temporal);
      if (own) return deliveries >= lastDelivery() ? { as: "dead", reason: "exhausted", error } : { as: "again", error };
      answeredThen = progress.answered;
      metrics.count("retried");
      if (attempt === 1) log("warn", "Temporal does not take the start; the message waits", { workflowId: start.workflowId, error });
      // Never for long: when Temporal is back, everybody is to go on.
      await pause(backoffMs(Math.min(attempt, longestHold)), ending);
      if (ending.aborted) return { as: "ending" };
    } finally {
      metrics.timeStart((performance.now() - begin) / 1000);
    }
  }
}

/** Name and value, one pair per value. */
const headersOf = (message: JsMsg): [string, string][] =>
  [...(message.headers ?? [])].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));

/** A header by its name in small letters: publishers differ in how they write names. */
const headerOf = (message: JsMsg, wanted: string) => headersOf(message).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";
