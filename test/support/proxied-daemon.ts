import { rmSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { resolveEndpoint } from "../../src/platforms/docker/endpoint.ts";

/** A socket that leads to the daemon until it is cut: what a client sees of a daemon that is stopped. */
export interface ProxiedDaemon {
  readonly path: string;
  /** Ends all connections, and takes the socket away. */
  cut(): Promise<void>;
}

export async function cutAtWill(path: string): Promise<ProxiedDaemon> {
  const { host } = resolveEndpoint();
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const daemon = createConnection({ path: host.slice("unix://".length), allowHalfOpen: true });
    for (const socket of [client, daemon]) keep(socket);
    client.pipe(daemon).pipe(client);
    client.on("close", () => daemon.destroy());
    daemon.on("close", () => client.destroy());
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  return {
    path,
    cut: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
      rmSync(path, { force: true });
    },
  };
}
