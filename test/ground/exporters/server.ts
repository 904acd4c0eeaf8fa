import { createServer } from "node:http";
import { exposition, type Sample } from "./exposition.ts";
import { natsSamples } from "./nats.ts";
import { nginxSamples } from "./nginx.ts";
import { postgresSamples } from "./postgres.ts";
import { redisSamples } from "./redis.ts";

/**
 * Stands in for four exporters where their images cannot be had: it asks the real system by its own protocol, understands
 * the variables and flags of the real exporter that groundplan uses, and serves figures under the real one's names. It has
 * only some of them, and is no substitute for the real ones.
 */
interface Exporter {
  readonly port: number;
  readonly collect: (args: readonly string[]) => Promise<Sample[]>;
}

const exporters: Readonly<Record<string, Exporter>> = {
  postgres: { port: 9187, collect: postgresSamples },
  redis: { port: 9121, collect: redisSamples },
  nats: { port: 7777, collect: natsSamples },
  nginx: { port: 9113, collect: nginxSamples },
};

const [kind = "", ...args] = process.argv.slice(2);
const exporter = exporters[kind];
if (!exporter) throw new Error(`no exporter "${kind}"; there are ${Object.keys(exporters).join(", ")}`);

const server = createServer(async (request, response) => {
  if (request.url !== "/metrics") {
    response.writeHead(200, { "content-type": "text/plain" }).end(`stand-in for the ${kind} exporter\n`);
    return;
  }
  try {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(exposition(await exporter.collect(args)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    response.writeHead(500).end("no figures\n");
  }
}).listen(exporter.port, "0.0.0.0", () => console.log(`stand-in for the ${kind} exporter on ${exporter.port}`));

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
