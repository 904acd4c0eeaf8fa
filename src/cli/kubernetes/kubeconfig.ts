import type { Cluster, UnknownContext } from "../../platforms/kubernetes/kubeconfig.ts";

export const clusterText = (cluster: Cluster | UnknownContext): string =>
  "server" in cluster
    ? `context ${cluster.context}, ${cluster.server}`
    : `context ${cluster.context}, which the kubeconfig of this machine (${cluster.files.join(", ")}) does not have`;
