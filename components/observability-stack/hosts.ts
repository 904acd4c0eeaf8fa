/** Names of the replicas of a workload: each has its own beside the one that all share. */
export const replicaHosts = (workload: string, replicas: number) =>
  replicas > 1 ? Array.from({ length: replicas }, (_, index) => `${workload}-${index}`) : [workload];
