// What stands behind a gateway in its tests: it tells what arrived, and misbehaves where it is asked to. Run with `node -e`.
const { createHash } = require("node:crypto");
const { createServer } = require("node:http");
const { hostname } = require("node:os");

const version = process.env.VERSION ?? "one";
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://upstream");
  let bytes = 0;
  for await (const chunk of request) bytes += chunk.length;
  if (url.searchParams.has("ms")) await pause(Number(url.searchParams.get("ms")));
  const status = url.pathname.endsWith("/fail") ? 503 : 200;
  const filling = url.pathname.endsWith("/big") ? "x".repeat(20_000) : "";
  response.writeHead(status, {
    "content-type": "application/json",
    // What a gateway says instead.
    "access-control-allow-origin": "*",
    "referrer-policy": "unsafe-url",
    "x-powered-by": "tests",
  });
  response.end(JSON.stringify({ version, replica: hostname(), method: request.method, url: request.url, headers: request.headers, bytes, filling }));
});

/** Sends every short text frame back, without the mask. */
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  socket.on("data", (frame) => {
    const length = frame[1] & 127;
    const mask = frame.subarray(2, 6);
    const text = Buffer.from(frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]));
    socket.write(Buffer.concat([Buffer.from([0x81, length]), text]));
  });
  socket.on("error", () => socket.destroy());
});

server.listen(8000, "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
