import { type JetStreamClient, jetstream } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import pg from "pg";
import { createClient } from "redis";
import { credentials, port } from "./stack.ts";
import type { TempProject } from "./temp-project.ts";

export interface Login {
  readonly database?: string;
  readonly role?: string;
}

/** One statement over the published port, as a role with the password of the credential store. */
export async function sql<R extends pg.QueryResultRow>(project: TempProject, text: string, login: Login = {}): Promise<R[]> {
  const client = await sqlClient(project, login);
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

export async function sqlClient(project: TempProject, { database = "app", role = database }: Login = {}): Promise<pg.Client> {
  const client = new pg.Client({
    host: "127.0.0.1",
    port: port(project, "db.sql"),
    user: role,
    password: credentials(project)[`db-${role}-password`],
    database,
    connectionTimeoutMillis: 3000,
    query_timeout: 5000,
  });
  // A server that goes away is found by the next query.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** Runs something with a connection to the cache. */
export async function withCache<T>(project: TempProject, use: (cache: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const cache = createClient({
    username: "app",
    password: credentials(project)["cache-app-password"] ?? "",
    socket: { host: "127.0.0.1", port: port(project, "cache.redis"), connectTimeout: 3000, reconnectStrategy: false },
  });
  cache.on("error", () => {});
  await cache.connect();
  try {
    return await use(cache as ReturnType<typeof createClient>);
  } finally {
    cache.destroy();
  }
}

export const bus = (project: TempProject): Promise<NatsConnection> =>
  connect({
    servers: `127.0.0.1:${port(project, "bus.nats")}`,
    user: "app",
    pass: credentials(project)["bus-app-password"] ?? "",
    timeout: 3000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
  });

/** Runs something with a JetStream client of user app. */
export async function withStreams<T>(project: TempProject, use: (streams: JetStreamClient) => Promise<T>): Promise<T> {
  const connection = await bus(project);
  try {
    return await use(jetstream(connection));
  } finally {
    await connection.close();
  }
}

/** Every message of a stream, as text. */
export async function messages(streams: JetStreamClient, stream: string): Promise<string[]> {
  const { state } = await (await streams.jetstreamManager()).streams.info(stream);
  const read: string[] = [];
  if (state.messages === 0) return read;
  const reader = await streams.consumers.get(stream);
  for await (const message of await reader.fetch({ max_messages: state.messages, expires: 10_000 })) read.push(message.string());
  return read;
}
