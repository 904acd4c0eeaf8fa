import { type IncomingHttpHeaders, request as plain } from "node:http";
import { type Agent, request as secure } from "node:https";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";

export interface Asked {
  readonly port: number;
  readonly ca?: string | undefined;
  /** Host that is asked for. @default "localhost" */
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent | false;
  /** @default true */
  readonly tls?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request to a gateway on this machine, with its certificate checked. */
export function ask({
  port,
  ca,
  host = "localhost",
  path = "/",
  method = "GET",
  headers = {},
  body,
  agent = false,
  tls = true,
}: Asked): Promise<Answer> {
  const options = { host: "127.0.0.1", port, path, method, headers: { host, ...headers }, timeout: 30_000 };
  return new Promise((resolve, reject) => {
    const request = tls ? secure({ ...options, servername: host, agent, ...(ca ? { ca } : {}) }) : plain({ ...options, agent: false });
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`no answer to ${method} ${path} in 30 s`)));
    request.on("error", reject);
    request.end(body);
  });
}

/** What the upstream of the tests saw. */
export interface Seen {
  readonly version: string;
  readonly replica: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: number;
}

export const seen = ({ body }: Answer): Seen => JSON.parse(body.toString()) as Seen;

/** A handshake with one version of TLS only; ciphers as lax as they come, so that nothing but the version can be refused. */
export function handshake(port: number, servername: string, version: SecureVersion, ca?: string, protocols: string[] = []): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: "127.0.0.1",
      port,
      servername,
      minVersion: version,
      maxVersion: version,
      ciphers: "DEFAULT@SECLEVEL=0",
      ALPNProtocols: protocols,
      ...(ca ? { ca } : {}),
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Opens a websocket, sends a short text, and answers what came back. */
export function websocketEcho(port: number, ca: string, path: string, text: string): Promise<string> {
  const headers = {
    host: "localhost",
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  return new Promise((resolve, reject) => {
    const request = secure({ host: "127.0.0.1", port, servername: "localhost", ca, path, headers, agent: false });
    request.on("upgrade", (_, socket) => {
      const mask = Buffer.from([1, 2, 3, 4]);
      const masked = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
      socket.on("data", (frame: Buffer) => {
        resolve(frame.subarray(2, 2 + ((frame[1] ?? 0) & 127)).toString());
        socket.destroy();
      });
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | masked.length]), mask, masked]));
    });
    request.on("response", (response) => {
      reject(new Error(`no websocket: status ${response.statusCode}`));
      response.resume();
    });
    request.on("error", reject);
    request.end();
  });
}
