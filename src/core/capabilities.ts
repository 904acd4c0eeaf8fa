import type { Target } from "./platform.ts";

/** What a target makes of one capability. `refused` is an error at plan time that names the alternative. */
export interface Cell {
  readonly state: "yes" | "coarser" | "refused";
  /** How it is realised, in what way it is coarser, or what to do instead. */
  readonly how: string;
}

export interface Capability {
  readonly component: string;
  readonly capability: string;
  readonly cells: Readonly<Record<Target, Cell>>;
}

const yes = (how: string): Cell => ({ state: "yes", how });
const coarser = (how: string): Cell => ({ state: "coarser", how });
const refused = (how: string): Cell => ({ state: "refused", how });

const row = (component: string, capability: string, docker: Cell, kubernetes: Cell, aws: Cell): Capability => ({
  component,
  capability,
  cells: { docker, kubernetes, aws },
});

const notBuilt = refused("not built for this target yet; run it with target docker");

const settingsOfManaged = refused("only a managed service has these settings; set them under components of the environment on AWS");

/** The capability matrix: docs/capability-matrix.md is generated from it, and the refusals of the platforms name its rows. */
export const capabilities = {
  bindings: row(
    "every component",
    "bindings open a path, nothing else does",
    coarser(
      "membership in the server's internal network: a binding opens all ports of that server, and two clients of one server share its network, where server names alone resolve",
    ),
    yes(
      "a NetworkPolicy pair for that port, as the network plugin enforces it, and with a mesh a rule on the identity of the client; everything else is denied both ways, name resolution aside",
    ),
    yes("a security group rule for that port; the groups of a component allow nothing else"),
  ),
  readiness: row(
    "every component",
    "health-gated start",
    yes("health check and wait; images without a program for it get a prober container beside them"),
    yes("startup, readiness and liveness probes by the kubelet; the rollout is awaited"),
    yes("container health check and a steady service; managed services by their own state"),
  ),
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
  published: row(
    "every component",
    "reached from the developer's machine",
    yes("a port on 127.0.0.1; ports of an isolated copy come from its own block"),
    coarser("a Service inside the cluster: a ServiceMeshGateway publishes it, and kubectl port-forward reaches it"),
    coarser("a name inside the network: nothing publishes it yet"),
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
    refused("Fargate tasks keep no disk of their own; use a managed store"),
  ),
  volumeReplicas: row(
    "AppService",
    "volumes together with replicas > 1",
    refused("replicas that are alike have no volumes of their own; use replicas: 1"),
    refused("replicas that are alike have no volumes of their own; use replicas: 1"),
    refused("Fargate tasks keep no disk of their own; use a managed store"),
  ),
  storageSize: row(
    "PostgresDb, NatsCluster, RedisCache, MessageQueue, AppService",
    "storageGiB",
    coarser("a named volume has no size limit; the brokers get it as their own limit"),
    yes("size of the volume claim, grown in place by a class that allows it"),
    coarser(
      "size of the disk, on RDS 20 GiB or more, where it also grows by itself; unused by RedisCache, whose data is in memory and in snapshots, and by MessageQueue: SQS has no disk",
    ),
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
  databases: row(
    "PostgresDb",
    "databases, owner roles, grants, extensions, init SQL",
    yes("a job at every up"),
    yes("a Job named by the hash of what it does: run again when that changes, or when it failed"),
    yes("a run-once task that is started when what it does changes"),
  ),
  archive: row(
    "PostgresDb",
    "archive of the write-ahead log",
    yes("the server runs the command for each segment"),
    yes("the server runs the command for each segment"),
    refused("RDS archives its log itself and restores to a point in time; set aws.backupDays"),
  ),
  credentials: row(
    "PostgresDb",
    "lost or rotated credentials heal",
    yes("the server sets the administrator's password before it starts, the job all others"),
    yes("the server sets the administrator's password before it starts, the job all others"),
    yes("RDS keeps and rotates the administrator's, or is told a new one where it has read replicas; the task sets all others"),
  ),
  streams: row(
    "NatsCluster",
    "streams and durable consumers",
    yes("a job at every up; an incompatible change is an error"),
    yes("a Job named by the hash of what it does; an incompatible change is an error"),
    yes("a run-once task; an incompatible change is an error"),
  ),
  deadLetters: row(
    "NatsCluster",
    "dead letters after the last delivery",
    yes("stream DLQ keeps the server's advisory with stream, consumer and sequence"),
    yes("stream DLQ keeps the server's advisory with stream, consumer and sequence"),
    yes("stream DLQ keeps the server's advisory with stream, consumer and sequence"),
  ),
  quorum: row(
    "NatsCluster",
    "three nodes",
    coarser("three containers on one machine: survives a process, not the machine"),
    yes("a StatefulSet spread over zones, one disruption at a time"),
    yes("one instance per node in a zone of its own, each with a data volume that outlives it"),
  ),
  persistence: row(
    "RedisCache",
    "append-only file",
    yes("on the data volume, fsync every second"),
    yes("on the data volume, fsync every second"),
    coarser("replicas and daily snapshots: ElastiCache has no append-only file"),
  ),
  failover: row(
    "RedisCache",
    "replicas: 3",
    refused("one machine has nothing to fail over to; use replicas: 1"),
    yes("a primary and two replicas that Sentinels watch; proxies under the name of the cache lead to the primary"),
    yes("nodes of the replication group, with automatic failover between zones"),
  ),
  queues: row(
    "MessageQueue",
    "queues, FIFO, delay, long polling, visibility, dead letters",
    yes("ElasticMQ; a job at every up makes and changes queues, one that is taken out goes when it is empty"),
    yes("ElasticMQ; a Job named by the hash of what it does makes and changes queues, one that is taken out goes when it is empty"),
    yes("SQS"),
  ),
  queueChange: row(
    "MessageQueue",
    "contentBasedDeduplication changed, deadLetters switched off",
    coarser("on a queue that exists the job fails and says so: ElasticMQ fixes both when it makes a queue"),
    coarser("on a queue that exists the job fails and says so: ElasticMQ fixes both when it makes a queue"),
    yes("changed in place"),
  ),
  queueRestart: row(
    "MessageQueue",
    "messages survive a restart",
    coarser(
      "kept on the data volume; of those kept in a FIFO queue, a later one may overtake an earlier one that is being handled, and deleted ones are forgotten as duplicates",
    ),
    coarser(
      "kept on the data volume; of those kept in a FIFO queue, a later one may overtake an earlier one that is being handled, and deleted ones are forgotten as duplicates",
    ),
    yes("kept in several zones"),
  ),
  messageRetention: row(
    "MessageQueue",
    "messageRetentionSeconds",
    refused("ElasticMQ keeps messages until they are deleted; set it under components of the environment on AWS"),
    refused("ElasticMQ keeps messages until they are deleted; set it under components of the environment on AWS"),
    yes("MessageRetentionPeriod; 4 days unless set, 14 for dead letters"),
  ),
  maxMessage: row(
    "MessageQueue",
    "maxMessageKiB below 1024",
    refused("ElasticMQ takes messages up to 1024 KiB; set it under components of the environment on AWS"),
    refused("ElasticMQ takes messages up to 1024 KiB; set it under components of the environment on AWS"),
    yes("MaximumMessageSize"),
  ),
  topics: row(
    "MessageQueue",
    "topics",
    refused("ElasticMQ has no SNS; send to each queue, or use a stream of NatsCluster"),
    refused("ElasticMQ has no SNS; send to each queue, or use a stream of NatsCluster"),
    yes("SNS, with raw delivery and filters on attributes"),
  ),
  memorySize: row(
    "PostgresDb, RedisCache, NatsCluster, MessageQueue, AppService",
    "memoryMiB",
    yes("limit of the container"),
    yes("request and limit of the container"),
    coarser(
      "PostgresDb and RedisCache get what the type of their instances has: one that is too small is refused; a limit of the container for NatsCluster; AppService gets all that its task has, which Fargate makes in steps; unused by MessageQueue: SQS has no server",
    ),
  ),
  redisEngine: row("RedisCache", 'engine: "redis"', yes("Redis 8"), yes("Redis 8"), coarser("Redis 7.1, the last that ElastiCache has")),
  managed: row(
    "PostgresDb, RedisCache, NatsCluster",
    "settings of the managed service (aws)",
    settingsOfManaged,
    settingsOfManaged,
    yes("taken as they are"),
  ),
  temporal: row(
    "TemporalServer",
    "server, schema, namespaces, search attributes, UI",
    yes("one server with all roles beside its UI; jobs bring schema and namespaces up to date at every up"),
    yes(
      "roles as Deployments of their own where data is guarded, otherwise one server; Jobs named by what they do bring schema and namespaces up to date",
    ),
    notBuilt,
  ),
  opa: row(
    "OpaServer",
    "policies as a bundle, decision logs",
    yes("a container that reads the bundle from its files, or pulls it from a registry"),
    yes("replicas behind a Service; the bundle is a ConfigMap, or is pulled from a registry"),
    notBuilt,
  ),
  bridge: row(
    "NatsTemporalBridge",
    "workflows from messages",
    yes("containers that share a durable consumer"),
    yes("pods that share a durable consumer"),
    notBuilt,
  ),
  telemetry: row(
    "ObservabilityStack",
    "metrics, logs, traces, dashboards, alerts",
    yes("containers; the logs of all others reach the collector by the fluentd driver, on 127.0.0.1"),
    yes("pods, and an agent on each node that reads the logs of the stack's pods"),
    notBuilt,
  ),
  monitors: row(
    "ObservabilityStack",
    "objects for a Prometheus operator (monitors)",
    refused("no operator is there; leave it out, the stack's own Prometheus scrapes"),
    yes("PodMonitor for each target that serves figures, and a PrometheusRule; not in a mesh, where only the stack's own Prometheus has an identity"),
    refused("no operator is there; leave it out"),
  ),
  gateway: row(
    "ServiceMeshGateway",
    "routes from outside",
    yes("nginx, on ports of 127.0.0.1"),
    yes("Gateway API, or the API of Istio; served by Istio"),
    notBuilt,
  ),
  gatewayInterface: row(
    "ServiceMeshGateway",
    "api",
    refused("only a cluster has interfaces to choose from; set it under components of the environment on Kubernetes"),
    yes("gateway-api (Gateway, HTTPRoute) or istio (Gateway, VirtualService)"),
    refused("only a cluster has interfaces to choose from; set it under components of the environment on Kubernetes"),
  ),
  issuers: row(
    "ServiceMeshGateway",
    "tls.certificate.issuer",
    refused(
      "nothing here issues certificates that others trust; give certificate and key, or set it under components of the environment on Kubernetes",
    ),
    yes("cert-manager, by ACME or by an issuer that the cluster has"),
    refused("not built for this target yet; give certificate and key"),
  ),
  mounts: row(
    "AppService",
    "folders of the machine (mounts)",
    yes("bound folders"),
    refused("nodes do not have the folders of this machine; put them into the image, or use volumes"),
    refused("tasks do not have the folders of this machine; put them into the image"),
  ),
  checkouts: row(
    "AppService",
    "copies of Git repositories (checkouts)",
    refused("nothing is cloned on this machine; share a working copy with mounts"),
    yes("an init container clones each into a folder of the pod"),
    refused("not built for this target yet; put the files into the image"),
  ),
  tls: row(
    "every component",
    "encryption in transit",
    coarser("plain text inside networks that exist on one machine only"),
    coarser("plain text inside the cluster's network, save between NATS nodes; with a mesh mutual TLS between all pods, and nothing else is taken"),
    coarser("TLS to PostgreSQL, Redis and SQS and between NATS nodes; plain text between services inside private subnets"),
  ),
} as const satisfies Record<string, Capability>;

export type CapabilityKey = keyof typeof capabilities;

/** The refusal of a cell, as rule and fix of a problem. */
export function refusal(key: CapabilityKey, target: Target): { rule: string; fix: string } {
  const { component, capability, cells }: Capability = capabilities[key];
  const [what, alternative = ""] = cells[target].how.split("; ");
  return { rule: `${component}: ${capability} is not supported on ${target}: ${what}`, fix: alternative };
}
