import { type ArgumentRow, asMatrix, everywhere, notNeeded, row } from "./cells.ts";

/** Arguments of AppService, in the order of its interface. */
export const serviceRows: Readonly<Record<string, ArgumentRow>> = {
  image: row(
    "image of the containers; a folder is built by the daemon",
    "image of the pods; a folder is built and pushed to the configured registry",
    "image of the tasks; a folder is built and pushed to a repository of ECR",
  ),
  tools: row(
    "the health check calls that program; without one a prober asks from beside",
    notNeeded("the kubelet asks by itself, whatever is in the image"),
    "the health check calls that program; without one a prober asks from beside",
  ),
  ports: row(
    "ports on the service's own network",
    "ports of the Service and of its policies",
    "ports of the task, of Service Connect and of its rules",
  ),
  health: asMatrix("readiness"),
  liveness: asMatrix("liveness"),
  bindings: asMatrix("bindings"),
  env: row(
    "variables of the container",
    "variables of the pod; what is not plain text by a Secret",
    "variables of the task; what is not plain text by Secrets Manager",
  ),
  egress: asMatrix("egress"),
  publish: asMatrix("published"),
  replicas: asMatrix("replicas"),
  autoscale: asMatrix("autoscale"),
  runtime: everywhere("variables that keep the runtime's heap below the memory of its container"),
  architecture: asMatrix("architecture"),
  requestTimeoutSeconds: asMatrix("requestTimeout"),
  command: everywhere("arguments behind the entry point of the image"),
  volumes: asMatrix("volumes"),
  mounts: asMatrix("mounts"),
  checkouts: asMatrix("checkouts"),
  user: row("user of the container", "runAsUser and runAsGroup", "user of the container"),
  writableRoot: row("readOnly is off", "readOnlyRootFilesystem is off", "readonlyRootFilesystem is off"),
  memoryMiB: asMatrix("memorySize"),
  cpus: row("limit of the container", "request of the container; nothing limits it", "the next size of a Fargate task"),
  stopSeconds: row("stop timeout", "termination grace period", "stopTimeout, 120 seconds at most; more is refused"),
};
