import { stackContainers } from "../../platforms/docker/daemon.ts";
import { listeningPorts, type Reachable, reachFrom } from "../../platforms/docker/reach.ts";
import { containersOf } from "../../preview/containers.ts";
import { componentsOf, type Plan } from "../../preview/plan.ts";
import type { Daemon } from "../daemon.ts";

export interface PathRow {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly connected: boolean;
  /** What the topology says. */
  readonly bound: boolean;
  readonly ok: boolean;
}

/** For every ordered pair of running workloads: a connection by name to each port that really listens; open exactly when bound. */
export async function tryPaths(plan: Plan, daemon: Daemon, prefix: string, image: string): Promise<PathRow[]> {
  const running = (await stackContainers(daemon.docker, prefix)).filter(({ role, state }) => role === "server" && state === "running");
  const workloads = containersOf(plan)
    .filter(({ role, inputs }) => role === "server" && running.some(({ name }) => name === inputs.name))
    .map(({ resource, inputs, component }): Reachable => ({ container: inputs.name, component, host: resource.name }));
  const ports = new Map(
    await Promise.all(
      workloads.map(async (workload) => [workload.container, await listeningPorts(daemon.docker, image, workload.container)] as const),
    ),
  );
  const bindings = new Map(componentsOf(plan).map(({ name, outputs }) => [name, boundSystems(outputs.bindings)]));
  const boundPorts = (from: string, to: string) =>
    componentsOf(plan)
      .filter(({ name }) => name === from)
      .flatMap(({ outputs }) => Object.values((outputs.bindings ?? {}) as Record<string, string>))
      .filter((target) => target.startsWith(`${to}:`))
      .map((target) => Number(target.slice(to.length + 1)));
  const found = await Promise.all(
    workloads.map((from) => {
      const targets = workloads
        .filter((to) => to.component !== from.component)
        .flatMap((to) => {
          // A bound port that nothing listens on is a finding, so it is tried too.
          const declared = boundPorts(from.component, to.component);
          return [...new Set([...(ports.get(to.container) ?? []), ...declared])].map((port) => ({ to, port }));
        });
      return reachFrom(daemon.docker, image, from, targets);
    }),
  );
  const component = new Map(workloads.map((workload) => [workload.container, workload.component]));
  return found.flat().map(({ from, to, port, connected }) => {
    const bound = bindings.get(component.get(from) ?? "")?.includes(component.get(to) ?? "") ?? false;
    return { from, to, port, connected, bound, ok: connected === bound };
  });
}

const boundSystems = (bindings: unknown) => Object.values((bindings ?? {}) as Record<string, string>).map((to) => to.slice(0, to.lastIndexOf(":")));
