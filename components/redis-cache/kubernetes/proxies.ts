import { filesFolder as folder, tableContainer, tableServer } from "../../../src/core/parts.ts";
import { http } from "../../../src/core/probe.ts";
import { type SecretText, secretRef, text } from "../../../src/core/text.ts";
import type { WorkloadSpec } from "../../../src/core/workload.ts";
import { memberNames, partsOf, ports, proxy } from "./parts.ts";

/** Connections of clients that a proxy takes; each may hold 32 KiB while bytes are under way. */
const connections = 4000;

/** What clients connect to, under the name of the cache: leads to the primary, whoever that is. */
export function proxies(cache: string, domain: string, server: WorkloadSpec): WorkloadSpec {
  const { node } = partsOf(cache);
  return {
    ...tableContainer("haproxy", { memoryMiB: 256, cpus: 0.25 }),
    ...tableServer("haproxy"),
    name: cache,
    replicas: 2,
    identity: "any",
    // In the foreground and without a supervisor: the container is that.
    entrypoint: ["haproxy", "-db", "-f", `${folder}/haproxy.cfg`],
    files: [{ path: `${folder}/haproxy.cfg`, content: config(memberNames(node), domain) }],
    volumes: [],
    ports: { ...server.ports, health: { port: ports.health, protocol: "http", published: false } },
    probe: http("/ready", { port: "health" }),
    liveness: http("/alive", { port: "health" }),
    reaches: [{ workload: node, port: "redis" }],
    after: [node],
  };
}

/**
 * A server is the primary when it says so and has a replica: one without cannot take writes, and one that came back too
 * early, before the Sentinels told it whom to follow, has none. Whoever was connected to a server that leads no more is cut
 * off and connects again.
 */
function config(servers: readonly string[], domain: string): SecretText {
  const lines = servers.map((host) => `  server ${host.replace(/\..*/, "")} ${host}.${domain}:${ports.redis}\n`).join("");
  return text`global
  log stdout format raw local0 notice
  maxconn ${connections}
  nbthread 2
  hard-stop-after 10s

defaults
  log global
  mode tcp
  option clitcpka
  option srvtcpka
  timeout connect 2s
  timeout check 2s
  timeout client 24h
  timeout server 24h
  retries 2

resolvers cluster
  parse-resolv-conf
  resolve_retries 3
  timeout resolve 1s
  timeout retry 1s
  hold valid 2s

frontend clients
  bind :${ports.redis}
  default_backend primary

backend primary
  balance first
  option tcp-check
  tcp-check connect
  tcp-check send "AUTH ${proxy} ${secretRef(proxy)}\\r\\n"
  tcp-check expect string +OK
  tcp-check send "INFO replication\\r\\nQUIT\\r\\n"
  tcp-check expect rstring "role:master\\r\\nconnected_slaves:[1-9]"
  default-server check inter 1s fall 2 rise 1 init-state down on-marked-down shutdown-sessions init-addr none resolvers cluster resolve-prefer ipv4
${lines}
frontend health
  mode http
  timeout client 5s
  bind :${ports.health}
  http-request return status 200 if { path /alive }
  http-request return status 200 if { path /ready } { nbsrv(primary) gt 0 }
  http-request return status 503
`;
}
