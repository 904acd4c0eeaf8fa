import { type Consumer, type JetStreamClient, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { log } from "./log.ts";

export interface Bus {
  readonly connection: NatsConnection;
  readonly streams: JetStreamClient;
}

/** Connects, however long it takes, and stays connected. */
export async function openBus(url: string): Promise<Bus> {
  const { hostname, port, username, password } = new URL(url);
  const connection = await connect({
    servers: `${hostname}:${port || 4222}`,
    user: decodeURIComponent(username),
    pass: decodeURIComponent(password),
    name: "nats-temporal-bridge",
    timeout: 3000,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
  });
  void tell(connection);
  return { connection, streams: jetstream(connection, { timeout: 5000 }) };
}

async function tell(connection: NatsConnection): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === "disconnect") log("warn", "the connection to NATS is lost");
    if (type === "reconnect") log("info", "the connection to NATS is back");
  }
}

/** Names of the streams that take what is published on a subject. */
export async function streamsTaking({ connection }: Bus, subject: string): Promise<string[]> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  return manager.streams.names(subject).next();
}

export interface ConsumerState {
  readonly pending: number;
  readonly ackPending: number;
  readonly ackWaitMs: number;
  readonly maxDeliver: number | undefined;
}

export async function consumerState(consumer: Consumer): Promise<ConsumerState> {
  const { num_pending, num_ack_pending, config } = await consumer.info();
  return {
    pending: num_pending,
    ackPending: num_ack_pending,
    ackWaitMs: (config.ack_wait ?? 30_000_000_000) / 1e6,
    maxDeliver: config.max_deliver,
  };
}
