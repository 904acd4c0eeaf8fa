import { notOneOf } from "../components.ts";
import { couldNotRun } from "../exit.ts";

/** A running or ended container of a component, whatever runs it. */
export interface RunningPart {
  readonly component: string;
  /** As `status` names it: a replica (`bus-0`), a job (`db-databases`). */
  readonly part: string;
  readonly role: string;
  readonly live: boolean;
}

/** A part, or the workload whose replica it is. */
const isCalled = (part: string, name: string) => part === name || (part.startsWith(`${name}-`) && /^\d+$/.test(part.slice(name.length + 1)));

const workloadsOf = (parts: readonly RunningPart[]) => [...new Set(parts.map(({ part }) => part.replace(/-\d+$/, "")))];

/** Parts of a component that bear a name; all of them without one. Ends the command when there is none. */
export function partsCalled<P extends RunningPart>(parts: readonly P[], component: string, name: string | undefined): P[] {
  const own = parts.filter((part) => part.component === component);
  const found = name === undefined ? own : own.filter(({ part }) => isCalled(part, name));
  if (name !== undefined && found.length === 0) throw notOneOf("part", name, [...new Set(own.map(({ part }) => part))], `a part of ${component}`);
  return found;
}

/** The one server of a component to run a command in: its main one, of replicas the first that runs. */
export function mainPart<P extends RunningPart>(parts: readonly P[], component: string, name: string | undefined): P {
  const servers = partsCalled(parts, component, name).filter(({ role }) => role === "server" || name !== undefined);
  const named = servers.filter(({ part }) => isCalled(part, component));
  const candidates = name !== undefined || named.length === 0 ? servers : named;
  const workloads = workloadsOf(candidates);
  if (workloads.length > 1) {
    throw notOneOf("part", undefined, workloads, `${component} has several parts; --part says which`);
  }
  const running = candidates.find(({ live }) => live);
  if (running) return running;
  const told = candidates.map(({ part }) => part).join(", ") || component;
  throw couldNotRun("GP403", `${told} does not run, so nothing can run in it; groundplan status tells what became of it`);
}
