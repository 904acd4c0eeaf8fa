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

const later = refused("this ground is not built yet; use target docker");
const docker = (component: string, capability: string, cell: Cell): Capability => ({
  component,
  capability,
  cells: { docker: cell, kubernetes: later, aws: later },
});

/** The capability matrix: docs/capability-matrix.md is generated from it, and the refusals of the platforms name its rows. */
export const capabilities = {
  bindings: docker(
    "every component",
    "bindings open a path, nothing else does",
    coarser(
      "membership in the server's internal network: a binding opens all ports of that server, and two clients of one server share its network, where server names alone resolve",
    ),
  ),
  readiness: docker(
    "every component",
    "health-gated start",
    yes("health check and wait; images without a program for it get a prober container beside them"),
  ),
  published: docker(
    "every component",
    "reached from the developer's machine",
    yes("a port on 127.0.0.1; ports of an isolated copy come from its own block"),
  ),
  egress: docker("AppService", "egress to declared hosts", coarser("a way out for that workload as a whole: hosts and ports are not filtered")),
  noEgress: docker(
    "AppService",
    "no egress unless declared",
    coarser(
      "internal networks, and an edge bridge that does not masquerade: no answer comes from outside, but a published workload reaches what listens on the machine's own addresses",
    ),
  ),
  replicas: docker("AppService", "replicas", yes("containers behind one alias; clients spread by name resolution")),
  publishReplicas: docker(
    "AppService",
    "publish together with replicas > 1",
    refused("one port cannot be shared by several containers; publish one replica or put a gateway in front"),
  ),
  volumes: docker("AppService", "volumes", yes("named volumes, kept by down")),
  volumeReplicas: docker(
    "AppService",
    "volumes together with replicas > 1",
    refused("replicas that are alike have no volumes of their own; use replicas: 1"),
  ),
  storageSize: docker(
    "PostgresDb, NatsCluster, RedisCache, AppService",
    "storageGiB",
    coarser("a named volume has no size limit; the brokers get it as their own limit"),
  ),
  build: docker("AppService", "image built from a folder", yes("built by the daemon, named by the hash of its context")),
  placeholder: docker("AppService", "no image in dev", yes("a placeholder that opens a real client to each binding; refused in staging and prod")),
  databases: docker("PostgresDb", "databases, owner roles, grants, extensions, init SQL", yes("a job over the server's local socket at every up")),
  credentials: docker(
    "PostgresDb",
    "lost or rotated credentials heal",
    yes("the same job sets every password; the socket trusts only the server's own user"),
  ),
  streams: docker("NatsCluster", "streams and durable consumers", yes("a job at every up; an incompatible change is an error")),
  deadLetters: docker(
    "NatsCluster",
    "dead letters after the last delivery",
    yes("stream DLQ keeps the server's advisory with stream, consumer and sequence"),
  ),
  quorum: docker("NatsCluster", "three nodes", coarser("three containers on one machine: survives a process, not the machine")),
  persistence: docker("RedisCache", "append-only file", yes("on the data volume, fsync every second")),
  tls: docker("every component", "encryption in transit", coarser("plain text inside networks that exist on one machine only")),
} as const satisfies Record<string, Capability>;

export type CapabilityKey = keyof typeof capabilities;

/** The refusal of a cell, as rule and fix of a problem. */
export function refusal(key: CapabilityKey, target: Target): { rule: string; fix: string } {
  const { component, capability, cells }: Capability = capabilities[key];
  const [what, alternative = ""] = cells[target].how.split("; ");
  return { rule: `${component}: ${capability} is not supported on ${target}: ${what}`, fix: alternative };
}
