import { placeOf, type SystemScope } from "../../core/platform.ts";
import type { JobSpec, WorkloadSpec } from "../../core/workload.ts";
import { tryEndpoint } from "./endpoint.ts";
import type { Group } from "./groups.ts";

export interface ReachedPort {
  readonly group: Group;
  readonly port: number;
}

/** Ports of siblings that a part connects to: those that it names, and all of the workload whose network it joins. */
export function reachedParts(
  { reaches = [], joins }: Pick<WorkloadSpec, "reaches"> & Pick<JobSpec, "joins">,
  scope: Pick<SystemScope, "system" | "places" | "ports">,
): ReachedPort[] {
  const named = reaches.map(({ workload, port }) => ({ workload, port: scope.ports[workload]?.[port]?.port }));
  const joined = joins === undefined ? [] : Object.values(scope.ports[joins] ?? {}).map(({ port }) => ({ workload: joins, port }));
  return [...named, ...joined].flatMap(({ workload, port }) => {
    const group = tryEndpoint(placeOf(scope, workload))?.group;
    if (!group || port === undefined) throw new Error(`${scope.system}: a part connects to a port of "${workload}" that is not declared`);
    return [{ group, port }];
  });
}
