// Where your own service goes: it answers on the ports of guard-api and guard-codex, and ends when it is asked to.
import { createServer } from "node:http";

const debug = process.env.LOG_LEVEL === "debug";
let answered = 0;

const servers = [8000, 8010, 8080].map((port) =>
  createServer((request, response) => {
    answered++;
    if (debug) console.log(JSON.stringify({ level: "debug", message: "request", method: request.method, path: request.url?.split("?")[0] }));
    if (request.url === "/metrics") {
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
      response.end(`# TYPE http_requests_total counter\nhttp_requests_total{code="200",method="GET"} ${answered}\n`);
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: "ok" }));
  }).listen(port, "0.0.0.0"),
);

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    for (const server of servers) server.close();
    setTimeout(() => process.exit(0), 200).unref();
  });
}
