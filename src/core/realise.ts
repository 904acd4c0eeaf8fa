import * as pulumi from "@pulumi/pulumi";
import { type Connection, connect, type Ready, stubConnection } from "./connection.ts";
import type { Platform, Realised, RunningWorkload, SystemScope } from "./platform.ts";
import type { SystemSpec } from "./system.ts";

/** Realises a system out of containers: the way for every system for which a target has nothing better of its own. */
export function realiseContainers(platform: Platform, component: pulumi.ComponentResource, spec: SystemSpec): Realised {
  if (spec.problems.length > 0) {
    return { connections: mapValues(spec.connections, (c) => stubConnection(spec.name, c)) };
  }
  const keepsData = spec.workloads.some((w) => w.volumes.length > 0);
  const secrets = mapValues(spec.secrets, (s, key) => platform.secret(component, `${spec.name}-${key}-password`, s, keepsData));
  const scope: SystemScope = { system: spec.name, secrets };
  const running = new Map(spec.workloads.map((w) => [w.name, platform.workload(component, w, scope)] as const));
  const gates = spec.jobs.map((job) => {
    const after = job.after.map((name) => named(running, name));
    return { job, ready: platform.job(component, job, scope, after, job.joins ? named(running, job.joins) : undefined) };
  });
  const gated = gates.filter(({ job }) => job.when === "up").map(({ ready }) => ready);
  const connections = mapValues(spec.connections, (c): Connection => {
    const workload = named(running, c.workload);
    const port = spec.workloads.find((w) => w.name === c.workload)?.ports[c.port]?.port;
    if (port === undefined) throw new Error(`${spec.name}: connection to the unknown port "${c.port}" of "${c.workload}"`);
    const external = workload.external[c.port];
    const password = c.secret === undefined ? undefined : secrets[c.secret];
    return connect({
      system: spec.name,
      scheme: c.scheme,
      host: workload.host,
      port,
      tls: false,
      ready: allReady([workload.ready, ...gated]),
      endpoint: workload.endpoint,
      ...(c.username ? { username: c.username } : {}),
      ...(password ? { password, credential: `${spec.name}-${c.secret}-password` } : {}),
      ...(c.database ? { database: c.database } : {}),
      ...(c.path ? { path: c.path } : {}),
      ...(c.env ? { env: c.env({ host: workload.host, port }) } : {}),
      ...(external ? { external } : {}),
    });
  });
  return { connections };
}

export const allReady = (ready: readonly Ready[]): Ready => pulumi.all([...ready]).apply((lists) => lists.flat());

function named(running: ReadonlyMap<string, RunningWorkload>, name: string): RunningWorkload {
  const found = running.get(name);
  if (!found) throw new Error(`a spec refers to the workload "${name}", which it does not declare`);
  return found;
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
