import { readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { labelKeys } from "../../core/labels.ts";
import type { DockerEndpoint } from "./endpoint.ts";

/** Talks to the daemon that the endpoint names; the same one as provider and Compose. */
export function openDaemon({ host, certPath }: DockerEndpoint): Docker {
  if (host.startsWith("unix://")) return new Docker({ socketPath: host.slice("unix://".length) });
  const url = new URL(host);
  if (url.protocol === "ssh:") return new Docker({ protocol: "ssh", host: url.hostname, username: url.username, port: url.port || 22 });
  const tls = certPath ? { ca: pem(certPath, "ca"), cert: pem(certPath, "cert"), key: pem(certPath, "key") } : {};
  return new Docker({ protocol: certPath ? "https" : "http", host: url.hostname, port: url.port || (certPath ? 2376 : 2375), ...tls });
}

const pem = (folder: string, name: string) => readFileSync(join(folder, `${name}.pem`));

/** The variables that give the Docker CLI the same daemon. */
export function endpointEnvironment({ host, certPath }: DockerEndpoint): Record<string, string> {
  return { DOCKER_HOST: host, ...(certPath ? { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: "1" } : {}) };
}

/** Why no daemon answers. */
export interface Silence {
  readonly code: "GP101" | "GP110";
  readonly message: string;
  readonly fix: string;
}

/** Asks the daemon for a sign of life; undefined when it gives one. */
export async function pingDaemon(docker: Docker, endpoint: DockerEndpoint): Promise<Silence | undefined> {
  try {
    await docker.ping();
    return undefined;
  } catch (error) {
    return silenceOf(error as NodeJS.ErrnoException, endpoint);
  }
}

/** A socket that is there and may not be opened is another matter than a daemon that is away. */
function silenceOf({ code, message }: Pick<NodeJS.ErrnoException, "code" | "message">, { host, origin }: DockerEndpoint): Silence {
  if (code === "EACCES" || code === "EPERM") {
    const fix = "Join the group that owns the socket (ls -l shows it) and log in again, or name a daemon of your own with DOCKER_HOST.";
    return { code: "GP110", message: `this user may not open the Docker socket ${host} (${origin}): ${message}`, fix };
  }
  const fix = "Start Docker, or name another daemon with DOCKER_HOST or docker context use.";
  return { code: "GP101", message: `no Docker daemon answers at ${host} (${origin}): ${message}`, fix };
}

export interface StackContainer {
  readonly id: string;
  readonly name: string;
  readonly component: string;
  readonly role: string;
  readonly engine: string;
  readonly state: string;
  /** `healthy`, `unhealthy`, `starting`, or empty when it has no health check. */
  readonly health: string;
  /** Set when it has ended. */
  readonly exitCode: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything that carries the label of this copy of the stack. */
export async function stackContainers(docker: Docker, prefix: string): Promise<StackContainer[]> {
  const list = await docker.listContainers({ all: true, filters: { label: [`${labelKeys.stack}=${prefix}`] } });
  return list.map((c) => ({
    id: c.Id,
    name: c.Names[0]?.slice(1) ?? c.Id,
    component: c.Labels[labelKeys.component] ?? "",
    role: c.Labels[labelKeys.role] ?? "",
    engine: c.Labels[labelKeys.engine] ?? "",
    state: c.State,
    health: /\((healthy|unhealthy|health: starting)\)/.exec(c.Status)?.[1]?.replace("health: ", "") ?? "",
    exitCode: exitCodeOf(c.Status),
    labels: c.Labels,
  }));
}

/** `Exited (3) 2 minutes ago` -> 3 */
function exitCodeOf(status: string): number | undefined {
  const code = /^Exited \((\d+)\)/.exec(status)?.[1];
  return code === undefined ? undefined : Number(code);
}
