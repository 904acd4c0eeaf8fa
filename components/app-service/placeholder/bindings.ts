import { connect as connectTcp } from "node:net";
import { connect as connectNats, type NatsConnection } from "@nats-io/transport-node";
import pg from "pg";
import { createClient } from "redis";
import { askQueue, isQueue } from "./sqs.ts";

/** A real client to one binding. */
export interface Binding {
  readonly name: string;
  readonly kind: string;
  /** Resolves when the system answered a real request. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export function openBinding(name: string, uri: string): Binding {
  const { protocol } = new URL(uri);
  switch (protocol) {
    case "postgres:":
    case "postgresql:":
      return postgres(name, uri);
    case "redis:":
    case "rediss:":
      return redis(name, uri);
    case "nats:":
      return nats(name, uri);
    case "http:":
    case "https:":
      return isQueue(uri) ? { name, kind: "sqs", check: () => askQueue(uri), close: async () => {} } : web(name, uri);
    case "temporal:":
      return temporal(name, uri);
    default:
      return tcp(name, uri);
  }
}

function postgres(name: string, uri: string): Binding {
  const url = new URL(uri);
  // As libpq has it: encryption is required, and a certificate authority only when one is given.
  if (url.searchParams.get("sslmode") === "require") url.searchParams.set("uselibpqcompat", "true");
  const pool = new pg.Pool({ connectionString: url.href, max: 2, connectionTimeoutMillis: 3000 });
  // An idle client that loses its server must not end the process: the next check opens a new one.
  pool.on("error", () => {});
  return { name, kind: "postgres", check: async () => void (await pool.query("SELECT 1")), close: () => pool.end() };
}

function redis(name: string, uri: string): Binding {
  const client = createClient({ url: uri, socket: { connectTimeout: 3000, reconnectStrategy: 500 }, disableOfflineQueue: true });
  let last: Error | undefined;
  client.on("error", (error: Error) => {
    last = error;
  });
  void client.connect().catch(() => {});
  return {
    name,
    kind: "redis",
    check: async () => {
      if (!client.isReady) throw last ?? new Error("not connected yet");
      await client.ping();
    },
    close: async () => client.destroy(),
  };
}

function nats(name: string, uri: string): Binding {
  const { hostname, port, username, password } = new URL(uri);
  let open: NatsConnection | undefined;
  return {
    name,
    kind: "nats",
    check: async () => {
      if (!open || open.isClosed()) {
        open = await connectNats({
          servers: `${hostname}:${port}`,
          user: decodeURIComponent(username),
          pass: decodeURIComponent(password),
          timeout: 3000,
          maxReconnectAttempts: -1,
        });
      }
      await open.flush();
    },
    close: async () => open?.close(),
  };
}

/** The client is large, so it is loaded only where something is bound to it. */
function temporal(name: string, uri: string): Binding {
  const opened = import("./temporal.ts").then(({ openTemporal }) => {
    const client = openTemporal(uri);
    const taskQueue = process.env.TEMPORAL_TASK_QUEUE ?? process.env.PLACEHOLDER_TASK_QUEUE;
    if (taskQueue) client.work(taskQueue);
    return client;
  });
  return {
    name,
    kind: "temporal",
    check: async () => (await opened).check(),
    close: async () => (await opened).close(),
  };
}

function web(name: string, uri: string): Binding {
  return {
    name,
    kind: "http",
    check: async () => {
      await fetch(uri, { signal: AbortSignal.timeout(3000) });
    },
    close: async () => {},
  };
}

function tcp(name: string, uri: string): Binding {
  const { hostname, port } = new URL(uri);
  return {
    name,
    kind: "tcp",
    check: () =>
      new Promise((resolve, reject) => {
        const socket = connectTcp({ host: hostname, port: Number(port), timeout: 3000 }, () => {
          socket.destroy();
          resolve();
        });
        socket.on("timeout", () => socket.destroy(new Error("timed out")));
        socket.on("error", reject);
      }),
    close: async () => {},
  };
}
