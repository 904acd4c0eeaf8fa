import type { Connection } from "../../src/core/connection.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { SystemSpec } from "../../src/core/system.ts";

/** Where the figures of a service are, or else its health. A command inside of it cannot be run from outside: then its first port is asked. */
export function observedService({ kind, name, digest, workloads }: SystemSpec, connections: Readonly<Record<string, Connection>>): Observed {
  const grows = workloads[0]?.autoscale ? { grows: true } : {};
  const it = { kind, name, replicas: digest.replicas, ...grows, facts: {} };
  const { metrics } = connections;
  if (metrics) return { ...it, metrics: { from: metrics, path: "/metrics" } };
  const probe = workloads[0]?.probe;
  const port = probe && "port" in probe && probe.port !== undefined ? connections[probe.port] : undefined;
  const from = port ?? Object.values(connections)[0];
  if (!from) return it;
  return { ...it, health: { from, ...(probe?.kind === "http" ? { path: probe.path } : {}) } };
}
