import { dropParts, type StackPart, stackParts } from "../../platforms/docker/sweep.ts";
import type { Daemon } from "../daemon.ts";
import type { EnvironmentProject } from "../project.ts";
import type { EngineState } from "./kept-data.ts";
import { requireUnlocked } from "./lock.ts";
import { exportState } from "./pulumi.ts";

/**
 * An engine that was killed has made containers and networks that its state does not know; the next run would make them
 * again, and fail. Removes those, and answers what they were. The order matters: who was making something while it was
 * listed either has the lock still, or has noted it in the state that is read last.
 */
export async function dropInterrupted({ docker }: Daemon, project: EnvironmentProject, seen: EngineState): Promise<string[]> {
  if (begunNames(seen).size === 0) return [];
  const there = await stackParts(docker, project.prefix);
  requireUnlocked(project);
  const state = await exportState(project);
  const left = state ? halfMade(state, there) : [];
  await dropParts(docker, left);
  return left.map(({ kind, name }) => `${kind} ${name}`);
}

/** What a run of this state had begun to make, and did not get to note. What another state, or Compose, made is not among it. */
export function halfMade(state: EngineState, there: readonly StackPart[]): StackPart[] {
  const begun = begunNames(state);
  const known = new Set((state.deployment?.resources ?? []).map(({ id }) => id));
  return there.filter(({ id, name }) => begun.has(name) && !known.has(id));
}

const begunNames = ({ deployment }: EngineState): ReadonlySet<string> =>
  new Set((deployment?.pending_operations ?? []).flatMap(({ type, resource }) => (type === "creating" ? (resource.inputs?.name ?? []) : [])));
