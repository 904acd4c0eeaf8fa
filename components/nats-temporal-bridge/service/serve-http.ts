import { createServer, type Server } from "node:http";
import type { Metrics } from "./metrics.ts";

/** `ok`, or what is wrong, for each end and for the way of dead letters. */
export type Health = Readonly<Record<"nats" | "temporal" | "deadLetters", string>>;

/** Health with its reasons, whether the process lives, and the figures. */
export function serveHttp(port: number, metrics: Metrics, health: () => Promise<Health>): Server {
  return createServer(async (request, response) => {
    const path = (request.url ?? "/").replace(/\?.*/, "");
    if (path === "/metrics") {
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(metrics.text());
      return;
    }
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
    if (path === "/live") answer(200, { live: true });
    else if (path === "/health") {
      const states = await health();
      const failing = Object.entries(states).flatMap(([name, state]) => (state === "ok" ? [] : [name]));
      answer(failing.length > 0 ? 503 : 200, { failing, ...states });
    } else answer(404, { knows: ["/health", "/live", "/metrics"] });
  }).listen(port, "0.0.0.0");
}
