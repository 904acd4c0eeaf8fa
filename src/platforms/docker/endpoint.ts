import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The daemon that provider, Compose and our own calls talk to: resolved once, given to all of them. */
export interface DockerEndpoint {
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  readonly host: string;
  /** Folder with ca.pem, cert.pem and key.pem for TLS. */
  readonly certPath?: string;
  /** What decided: for messages. */
  readonly origin: string;
}

const defaultHost = "unix:///var/run/docker.sock";

/** Follows the Docker CLI's own order: DOCKER_HOST, DOCKER_CONTEXT, the current context of its configuration, the default socket. */
export function resolveEndpoint(environment: NodeJS.ProcessEnv = process.env): DockerEndpoint {
  if (environment.DOCKER_HOST) {
    const certPath = environment.DOCKER_TLS_VERIFY ? environment.DOCKER_CERT_PATH : undefined;
    return { host: environment.DOCKER_HOST, origin: "DOCKER_HOST", ...(certPath ? { certPath } : {}) };
  }
  const folder = environment.DOCKER_CONFIG || join(homedir(), ".docker");
  const context = environment.DOCKER_CONTEXT || currentContext(folder);
  if (!context || context === "default") return { host: defaultHost, origin: "default" };
  const id = createHash("sha256").update(context).digest("hex");
  const host = contextHost(join(folder, "contexts", "meta", id, "meta.json"));
  if (!host) throw new Error(`the Docker context "${context}" has no endpoint; see "docker context ls"`);
  const tls = join(folder, "contexts", "tls", id, "docker");
  return { host, origin: `context ${context}`, ...(existsSync(tls) ? { certPath: tls } : {}) };
}

function currentContext(folder: string): string | undefined {
  return (readJson(join(folder, "config.json")) as { currentContext?: string } | undefined)?.currentContext;
}

function contextHost(file: string): string | undefined {
  return (readJson(file) as { Endpoints?: { docker?: { Host?: string } } } | undefined)?.Endpoints?.docker?.Host;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
