import { createServer } from "node:http";
import { type Binding, openBinding } from "./bindings.ts";
import { countRequest, metricsText } from "./metrics.ts";
import { echo } from "./websocket.ts";

/**
 * Stands in for a service that is not written yet: listens on its ports and keeps a real client open to each binding.
 * Its health says which of them fails.
 */
const ports = (process.env.PLACEHOLDER_PORTS ?? "8000").split(",").map(Number);
const healthPath = process.env.PLACEHOLDER_HEALTH ?? "/health";
const prefix = "PLACEHOLDER_BINDING_";
const bindings: Binding[] = Object.entries(process.env)
  .filter(([name, value]) => name.startsWith(prefix) && value)
  .map(([name, value]) => openBinding(name.slice(prefix.length), value ?? ""));

const checkSeconds = 4;

async function health(): Promise<{ status: number; body: object }> {
  const results = await Promise.all(
    bindings.map(async (binding) => {
      const timeout = new Promise<string>((resolve) => setTimeout(() => resolve(`no answer in ${checkSeconds} s`), checkSeconds * 1000).unref());
      const outcome = await Promise.race([
        binding.check().then(
          () => "ok",
          (error: unknown) => reason(error),
        ),
        timeout,
      ]);
      return [binding.name, `${binding.kind}: ${outcome}`] as const;
    }),
  );
  const failing = results.filter(([, outcome]) => !outcome.endsWith(": ok")).map(([name]) => name);
  return { status: failing.length > 0 ? 503 : 200, body: { placeholder: true, failing, bindings: Object.fromEntries(results) } };
}

/** Drivers put the address into their messages, never the password; cut anyway. */
const reason = (error: unknown) =>
  (error instanceof Error ? error.message || error.name : String(error)).replace(/:\/\/[^@\s]*@/g, "://").slice(0, 120);

async function answer(url: string): Promise<{ status: number; type: string; text: string }> {
  if (url === "/metrics" && healthPath !== url) return { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", text: metricsText() };
  const { status, body } = url === healthPath || url === "/" ? await health() : { status: 404, body: { placeholder: true, knows: healthPath } };
  return { status, type: "application/json", text: `${JSON.stringify(body, null, 2)}\n` };
}

const servers = ports.map((port) =>
  createServer(async (request, response) => {
    const begin = performance.now();
    const { status, type, text } = await answer(request.url ?? "/");
    response.writeHead(status, { "content-type": type }).end(text);
    countRequest(request.method ?? "", status, (performance.now() - begin) / 1000);
  })
    .on("upgrade", (request, socket, head) => {
      if ((request.url ?? "").replace(/\?.*/, "") === "/ws") echo(request, socket, head);
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    })
    .listen(port, "0.0.0.0"),
);

async function stop() {
  for (const server of servers) server.close();
  await Promise.allSettled(bindings.map((binding) => binding.close()));
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
console.log(`placeholder on ${ports.join(", ")}, bound to ${bindings.map((b) => b.name).join(", ") || "nothing"}`);
