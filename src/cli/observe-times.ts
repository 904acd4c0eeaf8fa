import type Docker from "dockerode";
import type { StackContainer } from "../platforms/docker/daemon.ts";
import type { PartTimes } from "./timings.ts";

/** How far the daemon's clock is ahead of this machine's: they need not be one. */
export async function daemonAhead(docker: Docker): Promise<number> {
  const asked = Date.now();
  const { SystemTime } = (await docker.info()) as { SystemTime: string };
  return Date.parse(SystemTime) - (asked + Date.now()) / 2;
}

/**
 * Moments of the containers of a stack. Each is looked at when it is first seen ready, because the daemon keeps only
 * the last few results of a health check.
 */
export class ObservedTimes {
  readonly #docker: Docker;
  readonly #seen = new Map<string, PartTimes & { readonly id: string }>();
  readonly #asked = new Set<string>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Called for every part that is ready, as often as somebody looks. */
  async note(part: string, { id }: Pick<StackContainer, "id">): Promise<void> {
    if (this.#asked.has(`${part} ${id}`)) return;
    this.#asked.add(`${part} ${id}`);
    await this.#look(part, id);
  }

  /** The last look: what ran again since it was first seen has new times. */
  async close(parts: readonly { readonly part: string; readonly id: string }[]): Promise<ReadonlyMap<string, PartTimes>> {
    await Promise.all(parts.map(({ part, id }) => this.#look(part, id)));
    return this.#seen;
  }

  async #look(part: string, id: string): Promise<void> {
    const found = await this.#docker
      .getContainer(id)
      .inspect()
      .catch(() => undefined);
    if (!found) return;
    const times = timesOf(found);
    const before = this.#seen.get(part);
    if (before?.id !== id || before.started !== times.started) this.#seen.set(part, { ...times, id });
  }
}

/** Moments out of what the daemon says of a container that is ready. */
export function timesOf({ Created, State }: Pick<Docker.ContainerInspectInfo, "Created" | "State">): PartTimes {
  const created = Date.parse(Created);
  const started = moment(State.StartedAt);
  const ended = State.Running ? undefined : moment(State.FinishedAt);
  const healthy = State.Health?.Log?.find(({ ExitCode }) => ExitCode === 0)?.End as string | undefined;
  // The daemon may note the end of what is very short a little before its start.
  return { created, started, ready: Math.max(started ?? created, ended ?? moment(healthy) ?? 0) };
}

/** The daemon writes the year 1 for what never was. */
const moment = (text: string | undefined) => (text === undefined || text.startsWith("0001-") ? undefined : Date.parse(text));
