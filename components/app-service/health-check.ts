import { checkJob, tableContainer } from "../../src/core/parts.ts";
import type { HttpProbe, TcpProbe } from "../../src/core/probe.ts";
import type { JobSpec, Resources } from "../../src/core/workload.ts";

/** Asks the service for its health by its name, from inside its network, and shows what it answers. */
export function healthCheckJob(name: string, health: HttpProbe | TcpProbe, ports: Readonly<Record<string, number>>, resources: Resources): JobSpec {
  const port = (health.port === undefined ? Object.values(ports)[0] : ports[health.port]) ?? 0;
  const script = health.kind === "http" ? httpCheck(name, port, health.path) : tcpCheck(name, port);
  // The script has no secret, so it needs no file.
  return { ...checkJob(name, tableContainer("toolbox", resources), script), entrypoint: ["sh", "-c", script], files: [] };
}

const tcpCheck = (host: string, port: number) => `nc -z -w 5 ${host} ${port} && echo "accepts connections on ${port}"`;

/**
 * Plain text over a socket: unlike wget it shows the body of an error, which names what fails. The pipe stays open, as
 * some servers drop a client that has closed its side.
 */
const httpCheck = (host: string, port: number, path: string) => `mkfifo /tmp/ask
exec 3<>/tmp/ask
printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' '${path}' ${host} >&3
timeout 15 nc -w 10 ${host} ${port} <&3 >/tmp/answer || true
read -r _ status _ </tmp/answer || { echo "no answer from ${host}:${port}"; exit 1; }
case "$status" in 2*|3*) echo "${path} answers $status" ;; *) echo "${path} answers $status"; sed '1,/^.$/d' /tmp/answer; exit 1 ;; esac`;
