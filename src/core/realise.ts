import type { ComponentResource, Resource } from "@pulumi/pulumi";
import { type Connection, connect, type Ready, stubConnection } from "./connection.ts";
import { credentialName } from "./credential-names.ts";
import type { Platform, Realised, RunningWorkload, SystemScope } from "./platform.ts";
import type { SystemSpec } from "./system.ts";
import type { JobSpec, ResolvedBinding, WorkloadSpec } from "./workload.ts";

/** Realises a system out of containers: the way for every system for which a target has nothing better of its own. */
export function realiseContainers(platform: Platform, component: ComponentResource, spec: SystemSpec): Realised {
  if (spec.problems.length > 0) {
    return { connections: mapValues(spec.connections, (c) => stubConnection(spec.name, c)) };
  }
  const keepsData = platform.protects(spec.name) && spec.workloads.some((w) => w.volumes.length > 0);
  const secrets = mapValues(spec.secrets, (s, key) => platform.secret(component, credentialName(spec.name, key), s, keepsData));
  // Places first: two workloads of a system may connect to each other.
  const places = Object.fromEntries(
    spec.workloads.map((w) => [
      w.name,
      platform.place(
        component,
        spec.name,
        w.name,
        Object.values(w.ports).map(({ port }) => port),
      ),
    ]),
  );
  const ready = new Map<string, Ready>();
  const ports = Object.fromEntries(spec.workloads.map((w) => [w.name, w.ports]));
  const scope: SystemScope = { system: spec.name, secrets, ports, places, ready };
  const running = new Map<string, RunningWorkload>();
  for (const part of inOrder(spec)) {
    if ("when" in part) {
      ready.set(part.name, platform.job(component, part, scope));
      continue;
    }
    const workload = platform.workload(component, part, scope);
    running.set(part.name, workload);
    ready.set(part.name, workload.ready);
  }
  const gates = spec.jobs.filter(({ when }) => when === "up").map(({ name }) => readyOf(scope, name));
  const connections = mapValues(spec.connections, (c): Connection => {
    const workload = running.get(c.workload);
    const port = spec.workloads.find((w) => w.name === c.workload)?.ports[c.port]?.port;
    if (!workload || port === undefined) throw new Error(`${spec.name}: connection to the unknown port "${c.port}" of "${c.workload}"`);
    const host = workload.hosts?.[c.port] ?? workload.host;
    const external = workload.external[c.port];
    const password = c.secret === undefined ? undefined : secrets[c.secret];
    const ca = c.ca === undefined ? undefined : secrets[c.ca];
    return connect({
      system: spec.name,
      workload: c.workload,
      scheme: c.scheme,
      host,
      port,
      tls: c.tls ?? false,
      ready: allReady([workload.ready, ...gates]),
      endpoint: workload.endpoint,
      ...(c.username ? { username: c.username } : {}),
      ...(password ? { password, credential: credentialName(spec.name, c.secret ?? "") } : {}),
      ...(c.database ? { database: c.database } : {}),
      ...(c.path ? { path: c.path } : {}),
      ...(c.env ? { env: c.env({ host, port }) } : {}),
      ...(ca ? { ca } : {}),
      ...(external ? { external } : {}),
    });
  });
  return { connections };
}

/** All of these, each once. What is known later stays a list within the list, which `dependsOn` takes at any depth. */
export function allReady(ready: readonly Ready[]): Ready {
  const parts = ready.flatMap((each): unknown[] => (Array.isArray(each) ? each : [each]));
  return [...new Set(parts)] as Resource[];
}

/** What stands behind bindings and must be able to serve first. */
export const boundReady = (bindings: readonly ResolvedBinding[] = []): Ready[] => bindings.filter(({ atOnce }) => !atOnce).map(({ to }) => to.ready);

/** What a part of this system gives to those that come after it. */
export function readyOf(scope: Pick<SystemScope, "ready">, name: string): Ready {
  const found = scope.ready.get(name);
  if (!found) throw new Error(`a spec waits for "${name}", which it does not declare`);
  return found;
}

/** Workloads and jobs, each behind what it waits for; otherwise workloads first, as they are declared. */
export function inOrder(spec: Pick<SystemSpec, "name" | "workloads" | "jobs">): (WorkloadSpec | JobSpec)[] {
  const waiting: (WorkloadSpec | JobSpec)[] = [...spec.workloads, ...spec.jobs];
  const ordered: (WorkloadSpec | JobSpec)[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ after = [] }) => after.every((name) => ordered.some((done) => done.name === name)));
    if (next < 0) throw new Error(`${spec.name}: ${waiting.map(({ name }) => name).join(", ")} wait for each other, or for what is not declared`);
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
