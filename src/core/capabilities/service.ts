import { type Capability, coarser, refused, row, yes } from "./cell.ts";

/** What a service of the topology has. */
export const services = {
  liveness: row(
    "AppService",
    "restart of a process that hangs",
    coarser("a process that ends is restarted; one that hangs is shown as unhealthy"),
    yes("liveness probe"),
    coarser("the container health check decides on replacement, so the readiness probe does"),
  ),
  drain: row(
    "NatsCluster, AppService",
    "work is handed over before a stop",
    coarser("stop signal and grace period only"),
    yes("preStop hook, then stop signal and grace period"),
    coarser("stop signal and stop timeout only"),
  ),
  egress: row(
    "AppService",
    "egress to declared hosts",
    coarser("a way out for that workload as a whole: hosts and ports are not filtered"),
    coarser(
      "the declared ports to every address outside the private ranges: a NetworkPolicy knows no host names; a declared address alone; with a mesh the proxies pass on only to hosts that some workload of the stack declares",
    ),
    coarser("the declared ports to every address: a security group knows no host names"),
  ),
  noEgress: row(
    "AppService",
    "no egress unless declared",
    coarser(
      "internal networks, and an edge bridge that does not masquerade: no answer comes from outside, but a published workload reaches what listens on the machine's own addresses",
    ),
    yes("default-deny NetworkPolicy, as the network plugin enforces it; only name resolution is open"),
    coarser(
      "a security group without rules but to the endpoints of AWS that a task needs; an image that is not in ECR is pulled through the task's own group, which is then open to port 443 everywhere",
    ),
  ),
  replicas: row(
    "AppService",
    "replicas",
    yes("containers behind one alias; clients spread by name resolution"),
    yes("a Deployment spread over zones and nodes, with a disruption budget"),
    yes("tasks of a service over the zones"),
  ),
  autoscale: row(
    "AppService",
    "replicas by load",
    coarser("the smallest number of replicas"),
    yes("HorizontalPodAutoscaler on CPU"),
    yes("target tracking on CPU"),
  ),
  architecture: row(
    "AppService",
    "architecture",
    coarser("the image runs as the daemon of this machine runs it"),
    yes("nodes with that label; an image that is built here is built for them"),
    yes("of the tasks; an image that is built here is built for them"),
  ),
  requestTimeout: row(
    "AppService",
    "requestTimeoutSeconds",
    refused("no proxy is between to cut a request; set it under components of the environment on AWS, or on Kubernetes with a mesh"),
    refused("no proxy is between to cut a request without a mesh; set kubernetes.mesh.mode to sidecar, and it is 60 seconds unless set"),
    yes("by Service Connect, 15 seconds unless set"),
  ),
  publishReplicas: row(
    "AppService",
    "publish together with replicas > 1",
    refused("one port cannot be shared by several containers; publish one replica or put a gateway in front"),
    yes("a Service spreads connections"),
    yes("the service spreads connections"),
  ),
  volumes: row(
    "AppService",
    "volumes",
    yes("named volumes, kept by down"),
    yes("volume claims, kept by down"),
    coarser(
      "folders of an encrypted file system of EFS, which grows by itself: a few milliseconds for each call, so nothing for a database; the old task stops before the new one starts",
    ),
  ),
  volumeReplicas: row(
    "AppService",
    "volumes together with replicas > 1",
    refused("replicas that are alike have no volumes of their own; use replicas: 1"),
    refused("replicas that are alike have no volumes of their own; use replicas: 1"),
    refused("replicas that are alike have no volumes of their own; use replicas: 1"),
  ),
  build: row(
    "AppService",
    "image built from a folder",
    yes("built by the daemon, named by the hash of its context"),
    yes("pushed to the configured registry, deployed by digest"),
    yes("pushed to an ECR repository with immutable tags, deployed by digest"),
  ),
  placeholder: row(
    "AppService",
    "no image in dev",
    yes("a placeholder that opens a real client to each binding; refused in staging and prod"),
    yes("the same placeholder, through the configured registry; refused in staging and prod"),
    yes("the same placeholder, through ECR; refused in staging and prod"),
  ),
  mounts: row(
    "AppService",
    "folders of the machine (mounts)",
    yes("bound folders"),
    refused("nodes do not have the folders of this machine; put them into the image, or use volumes"),
    refused("tasks do not have the folders of this machine; put them into the image, or use checkouts or volumes"),
  ),
  checkouts: row(
    "AppService",
    "copies of Git repositories (checkouts)",
    refused("nothing is cloned on this machine; share a working copy with mounts"),
    yes("an init container clones each into a folder of the pod"),
    coarser(
      "a step of each task clones each onto the task's own disk; the files belong to root and everybody may read them, and sizeMiB only sizes the disk",
    ),
  ),
} as const satisfies Record<string, Capability>;
