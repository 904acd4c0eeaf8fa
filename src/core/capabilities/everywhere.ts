import { type Capability, coarser, refused, row, yes } from "./cell.ts";

const settingsOfManaged = refused("only a managed service has these settings; set them under components of the environment on AWS");

/** What every component has, or several. */
export const shared = {
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
  published: row(
    "every component",
    "reached from the developer's machine",
    yes("a port on 127.0.0.1; ports of an isolated copy come from its own block"),
    coarser("a Service inside the cluster: a ServiceMeshGateway publishes it, and kubectl port-forward reaches it"),
    coarser("a name inside the network: a ServiceMeshGateway publishes it"),
  ),
  tls: row(
    "every component",
    "encryption in transit",
    coarser("plain text inside networks that exist on one machine only"),
    coarser("plain text inside the cluster's network, save between NATS nodes; with a mesh mutual TLS between all pods, and nothing else is taken"),
    coarser("TLS to PostgreSQL, Redis and SQS and between NATS nodes; plain text between services inside private subnets"),
  ),
  managed: row(
    "PostgresDb, RedisCache, NatsCluster",
    "settings of the managed service (aws)",
    settingsOfManaged,
    settingsOfManaged,
    yes("taken as they are"),
  ),
  existing: row(
    "PostgresDb, NatsCluster, RedisCache, MessageQueue, TemporalServer, OpaServer",
    "a system that runs elsewhere (existing)",
    coarser("a way out as a whole for each workload that is bound to it: hosts, ports and existing.network are not filtered"),
    yes(
      "a NetworkPolicy for its port to existing.network.cidr, its address, or the namespace of a Service that is named in full; of another name to every address outside the private ranges, with a warning",
    ),
    yes(
      "a security group rule for its port to existing.network, or its address; of a name to every address, with a warning; queues of SQS in the stack's own region by the role of the client",
    ),
  ),
  storageSize: row(
    "PostgresDb, NatsCluster, RedisCache, MessageQueue, AppService",
    "storageGiB",
    coarser("a named volume has no size limit; the brokers get it as their own limit"),
    yes("size of the volume claim, grown in place by a class that allows it"),
    coarser(
      "size of the disk, on RDS 20 GiB or more, where it also grows by itself; unused by AppService, whose file systems grow by themselves, by RedisCache, whose data is in memory and in snapshots, and by MessageQueue: SQS has no disk",
    ),
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
} as const satisfies Record<string, Capability>;
