import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Door {
  /** `host:port` on this machine. */
  readonly address: string;
  readonly close: () => void;
}

/** A port that answers at once; who connects waits for the one behind it. So a program starts while its monitor is loaded. */
export async function openDoor(behind: () => Promise<{ readonly accept: (connection: Socket) => void }>): Promise<Door> {
  const server = createServer((connection) => void behind().then(({ accept }) => accept(connection)));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
