import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** What RFC 6455 adds to the client's key. */
const suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const largest = 1024 * 1024;

/** Answers the handshake, then sends back every message. */
export function echo(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const key = request.headers["sec-websocket-key"];
  if (!key || request.headers.upgrade?.toLowerCase() !== "websocket") {
    socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    return;
  }
  const accept = createHash("sha1").update(`${key}${suffix}`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  let waiting: Buffer = head;
  const take = (more: Buffer) => {
    waiting = Buffer.concat([waiting, more]);
    for (let frame = firstFrame(waiting); frame; frame = firstFrame(waiting)) {
      waiting = waiting.subarray(frame.size);
      answer(socket, frame);
    }
    if (waiting.length > largest + 14) socket.destroy();
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", take);
  take(Buffer.alloc(0));
}

export interface Frame {
  /** FIN and the kind of the frame. */
  readonly first: number;
  readonly payload: Buffer;
  /** Bytes on the wire. */
  readonly size: number;
}

/** The first whole frame of what a client sent, unmasked. */
export function firstFrame(data: Buffer): Frame | undefined {
  if (data.length < 2) return undefined;
  const short = data.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < start + 4) return undefined;
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  const size = start + 4 + length;
  if (data.length < size) return undefined;
  const mask = data.subarray(start, start + 4);
  const payload = Buffer.from(data.subarray(start + 4, size)).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { first: data.readUInt8(0) & 0x8f, payload: Buffer.from(payload), size };
}

const close = 0x8;
const ping = 0x9;
const pong = 0xa;

function answer(socket: Duplex, { first, payload }: Frame): void {
  const kind = first & 0x0f;
  if (kind === pong) return;
  socket.write(frameOf(kind === ping ? 0x80 | pong : first, payload));
  if (kind === close) socket.end();
}

/** A frame as a server sends it: not masked. */
function frameOf(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head.writeUInt8(first, 0);
  if (length < 65_536) {
    head.writeUInt8(126, 1);
    head.writeUInt16BE(length, 2);
  } else {
    head.writeUInt8(127, 1);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
