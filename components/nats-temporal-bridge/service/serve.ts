import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer } from "@nats-io/jetstream";
import type { BridgeConfig } from "../contract.ts";
import { backoffMs, lastDelivery, pause } from "./backoff.ts";
import type { Environment } from "./config.ts";
import { askDeadLetters } from "./dead-letters.ts";
import { log, reasonOf } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { type Bus, type ConsumerState, consumerState, openBus } from "./nats.ts";
import { spanExporter } from "./otlp.ts";
import { processMessage, type Works } from "./process-message.ts";
import { pull } from "./pull.ts";
import { type Health, serveHttp } from "./serve-http.ts";
import { openTemporal } from "./temporal.ts";

const watchMs = 5000;
const checkMs = 2500;

/** Runs until it is told to stop. */
export async function serve(env: Environment, config: BridgeConfig): Promise<void> {
  const metrics = new Metrics();
  const spans = spanExporter(process.env);
  const temporal = openTemporal(env.temporalAddress, env.temporalNamespace);
  let consumer: Consumer | undefined;
  let state: ConsumerState | undefined;
  let reached: Bus | undefined;
  let told = "ok";

  /** Asks both ends and for the way of dead letters, and keeps what it learns for the figures. */
  async function health(): Promise<Health> {
    const [nats, there, deadLetters] = await Promise.all([outcome(askConsumer()), outcome(temporal.check()), outcome(askWayOut())]);
    metrics.connected.nats = nats === "ok";
    metrics.connected.temporal = there === "ok";
    if (nats === "ok" && deadLetters !== told) {
      told = deadLetters;
      if (told === "ok") log("info", "dead letters are taken");
      else log("error", "dead letters are not taken", { error: told });
    }
    return { nats, temporal: there, deadLetters };
  }

  async function askWayOut(): Promise<void> {
    if (!reached) throw new Error("NATS has not answered yet");
    await askDeadLetters(reached, config);
  }

  async function askConsumer(): Promise<void> {
    if (!consumer) throw new Error(`consumer ${config.consumer} of stream ${config.stream} is not found yet`);
    state = await consumerState(consumer);
    metrics.pending = state.pending;
    metrics.ackPending = state.ackPending;
  }

  const server = serveHttp(config.port, metrics, health);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());

  const bus = await Promise.race([openBus(env.natsUrl), aborted(stop.signal)]);
  if (!bus) process.exit(0);
  void bus.connection.closed().then(() => {
    if (!stop.signal.aborted) fail("the connection to NATS is closed");
  });
  reached = bus;
  consumer = await findConsumer(bus, config, stop.signal);
  if (!consumer) process.exit(0);
  const ending = new AbortController();
  const works: Works = {
    config,
    bus,
    temporal,
    metrics,
    spans,
    // The settings of a consumer may change while the bridge runs.
    lastDelivery: () => lastDelivery(config.maxDeliver, state?.maxDeliver),
    ending: ending.signal,
    progress: { answered: 0 },
  };
  await health();
  const pulling = pull(consumer, config.maxInFlight, async (message) => {
    metrics.inFlight += 1;
    // The server delivers again what is silent for longer than its ack wait.
    const beat = setInterval(() => message.working(), Math.max(250, (state?.ackWaitMs ?? 3000) / 3));
    try {
      await processMessage(works, message);
    } catch (error) {
      log("error", "the work on a message failed; it comes again", { sequence: message.seq, error: reasonOf(error) });
    } finally {
      clearInterval(beat);
      metrics.inFlight -= 1;
    }
  });
  const watching = setInterval(() => void health(), watchMs);
  log("info", "the bridge is running", { stream: config.stream, consumer: config.consumer, lastDelivery: works.lastDelivery() });

  await aborted(stop.signal);
  log("info", "stopping: no more messages are taken", { inFlight: metrics.inFlight });
  // Everything must be over before the process is killed; what still waits for Temporal then is given back.
  const graceMs = Math.max(1000, (config.stopSeconds - 3) * 1000);
  const grace = setTimeout(() => ending.abort(), graceMs);
  if (!metrics.connected.temporal) ending.abort();
  await Promise.race([pulling.stop(), sleep(graceMs + 1000, undefined, { ref: false })]);
  clearTimeout(grace);
  clearInterval(watching);
  server.close();
  await Promise.race([Promise.allSettled([spans?.flush(), bus.connection.drain()]), sleep(1500)]);
  await temporal.connection.close().catch(() => {});
  log("info", "stopped", { inFlight: metrics.inFlight });
  process.exit(0);
}

async function findConsumer({ streams }: Bus, { stream, consumer }: BridgeConfig, signal: AbortSignal): Promise<Consumer | undefined> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return await streams.consumers.get(stream, consumer);
    } catch (error) {
      log("warn", "the consumer is not found", { stream, consumer, error: reasonOf(error) });
      await pause(Math.min(backoffMs(attempt), 5000), signal);
    }
  }
  return undefined;
}

async function outcome(asked: Promise<void>): Promise<string> {
  const late = sleep(checkMs, `no answer in ${checkMs / 1000} s`, { ref: false });
  return Promise.race([asked.then(() => "ok", reasonOf), late]);
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });

function fail(reason: string): never {
  log("error", reason);
  process.exit(1);
}
