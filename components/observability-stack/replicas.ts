/** Replicas of a workload that are to be asked one by one. */
export interface Replicas {
  readonly workload: string;
  readonly replicas: number;
  /** Whether each has a name of its own on every target. */
  readonly named?: boolean | undefined;
  /** Whether there may be more of them, by load. */
  readonly grows?: boolean | undefined;
}

/** Where the replicas of a workload are: hosts that can be written down, each with a name that stays, or one name that leads to all there are. */
export type Whereabouts = { readonly hosts: Readonly<Record<string, string>> } | { readonly lookup: string };

/** How a target lets replicas be found. */
export type FindReplicas = (of: Replicas) => Whereabouts;

/** Names of the replicas of a workload: each has its own beside the one that all share. */
const ownNames = ({ workload, replicas }: Replicas) =>
  replicas > 1 ? Array.from({ length: replicas }, (_, index) => `${workload}-${index}`) : [workload];

/** By name and not by what a lookup gives: a replica that is down must be seen as down, not be forgotten. */
export const byName: FindReplicas = (of) => ({ hosts: Object.fromEntries(ownNames(of).map((name) => [name, name])) });

/**
 * In a cluster only members of a quorum have names. Those of others are looked up: the name of the nodes leads to the pods
 * that exist, ready or not, so that one that is down is seen, and one that does not exist is missing in the count.
 */
export const byNodes =
  (nodesName: (workload: string) => string): FindReplicas =>
  (of) => {
    const { workload, replicas, named, grows } = of;
    if (replicas === 1 && !grows) return { hosts: { [workload]: workload } };
    if (!named) return { lookup: nodesName(workload) };
    return { hosts: Object.fromEntries(ownNames(of).map((name) => [`${name}.${nodesName(workload)}`, name])) };
  };
