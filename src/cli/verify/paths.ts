import { stackContainers } from "../../platforms/docker/daemon.ts";
import { listeningPorts, type Reach, type Reachable, reachFrom } from "../../platforms/docker/reach.ts";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";
import { boundPorts, type Reaches, reachesOf, workloadOf } from "../../preview/reaches.ts";
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

/** A connection to try, and whether the topology says that it is open. */
export interface DockerTry {
  readonly from: Reachable;
  readonly to: Reachable;
  readonly port: number;
  readonly bound: boolean;
}

/** Containers that try at once; each tries many connections. */
const atOnce = 6;

/** For every ordered pair of running workloads: a connection by name to each port that really listens; open exactly when bound. */
export async function tryPaths(plan: Plan, daemon: Daemon, prefix: string, image: string): Promise<PathRow[]> {
  const { docker } = daemon;
  const running = (await stackContainers(docker, prefix)).filter(({ role, state }) => role === "server" && state === "running");
  const servers = serversOf(plan).filter(({ container }) => running.some(({ name }) => name === container));
  const listening = await inTurn(servers, async ({ container }) => [container, await listeningPorts(docker, image, container)] as const);
  const tries = dockerTries(servers, new Map(listening), reachesOf(plan));
  const reachOf = async (from: Reachable, some: readonly DockerTry[]) => answers(some, await reachFrom(docker, image, from, some));
  const rows = await inTurn(servers, async (from) => {
    const own = tries.filter((entry) => entry.from === from);
    const told = await reachOf(from, own);
    // On a busy machine a connection may miss its time: what is not as planned is tried once more, by itself.
    const odd = own.filter((_, index) => !told[index]?.ok);
    const again = await reachOf(from, odd);
    return own.map((entry, index) => again[odd.indexOf(entry)] ?? told[index]);
  });
  return rows.flat().filter((row) => row !== undefined);
}

/** Servers of a plan, each replica by itself, by the name that others use. */
export function serversOf(plan: Plan): Reachable[] {
  const reaches = reachesOf(plan);
  return containersOf(plan)
    .filter(({ role }) => role === "server")
    .map(({ resource, inputs }) => ({ container: inputs.name, workload: workloadOf(reaches, resource.name), host: resource.name }));
}

/** A binding opens all ports of its server here: who is let in joins its network. A bound port that nothing listens on is tried, too. */
export function dockerTries(servers: readonly Reachable[], listening: ReadonlyMap<string, readonly number[]>, reaches: Reaches): DockerTry[] {
  return servers.flatMap((from) =>
    servers
      .filter((to) => to.workload !== from.workload)
      .flatMap((to) => {
        const declared = boundPorts(reaches, from.workload, to.workload);
        const ports = [...new Set([...(listening.get(to.container) ?? []), ...declared])];
        return ports.map((port) => ({ from, to, port, bound: declared.length > 0 }));
      }),
  );
}

const answers = (tries: readonly DockerTry[], found: readonly Reach[]): PathRow[] =>
  tries.map(({ from, to, port, bound }, index) => {
    const connected = found[index]?.connected ?? false;
    return { from: from.container, to: to.container, port, connected, bound, ok: connected === bound };
  });

async function inTurn<T, R>(all: readonly T[], step: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let index = 0; index < all.length; index += atOnce) done.push(...(await Promise.all(all.slice(index, index + atOnce).map(step))));
  return done;
}
