import { digestOf } from "../../../src/core/parts.ts";
import type { Profile } from "../../../src/core/profile.ts";
import type { SystemSpec } from "../../../src/core/system.ts";
import type { JobSpec, PartPort, WorkloadSpec } from "../../../src/core/workload.ts";
import { type DynamicConfig, dynamicConfigFile } from "../dynamic-config.ts";
import type { TemporalModel } from "../model.ts";
import { poolEnv } from "../stores.ts";
import { connectionsOf, connectionsOfAll, type Rollout } from "./budget.ts";
import { type RoleName, replicasOf, roleNames, roles, workloadOf } from "./roles.ts";

/** One may be away for its machine's sake; nobody needs more to look at workflows. */
const uiReplicas = 2;

/** What a target says of roles that run apart. */
export interface Apart extends Rollout {
  /** Name under which the cluster as a whole is found by all of its roles. @default the frontend's */
  readonly host?: string;
}

/** Each role as a workload of its own, for the same connections, and the steps before and after them all. */
export function apart(spec: SystemSpec, profile: Profile, target: Apart): SystemSpec {
  const { name } = spec;
  const server = spec.workloads.find((workload) => workload.name === name);
  if (!server) throw new Error(`${name}: no workload of its name`);
  const model = spec.model as TemporalModel;
  const frontend = workloadFor("frontend", server, model, profile, target);
  const behind = roleNames.filter((role) => role !== "frontend");
  const beside = [
    ...behind.map((role) => workloadFor(role, server, model, profile, target)),
    ...spec.workloads.filter((workload) => workload !== server).map((ui) => ({ ...ui, replicas: uiReplicas })),
  ];
  return {
    ...spec,
    digest: digestOf(spec.kind, profile, frontend, beside),
    workloads: [frontend, ...beside],
    jobs: spec.jobs.map((job) => afterAll(name, job)),
    connections: {
      ...spec.connections,
      ...Object.fromEntries(behind.map((role) => [`metrics/${role}`, { scheme: "http", workload: workloadOf(name, role), port: "metrics" }])),
    },
  };
}

/**
 * What a role needs to leave the others in order, over what the server does by itself: at once. Three seconds are what it
 * takes for the time in which all others hear of it. All of it fits into the stop time of the image.
 */
const leaving: DynamicConfig = {
  "frontend.shutdownFailHealthCheckDuration": "3s",
  "frontend.shutdownDrainDuration": "10s",
  "history.shutdownDrainDuration": "3s",
  "matching.shutdownDrainDuration": "3s",
};

function workloadFor(role: RoleName, server: WorkloadSpec, model: TemporalModel, profile: Profile, target: Apart): WorkloadSpec {
  const { size, ports } = roles[role];
  const memoryMiB = Math.max(256, Math.floor(model.memoryMiB * size));
  // Each replica tells the others its own address.
  const { TEMPORAL_BROADCAST_ADDRESS: _, ...env } = server.env;
  return {
    ...server,
    name: workloadOf(server.name, role),
    replicas: replicasOf(role, profile),
    addressEnv: "TEMPORAL_BROADCAST_ADDRESS",
    env: {
      ...env,
      ...poolEnv(connectionsOf(role, connectionsOfAll(model, target), profile, target)),
      TEMPORAL_SERVICES: role,
      ...clusterAddress(target.host ?? server.name),
      GOMEMLIMIT: `${Math.floor(memoryMiB * 0.9)}MiB`,
    },
    files: server.files.map((file) => ({ ...file, content: dynamicConfigFile({ ...leaving, ...model.dynamicConfig }) })),
    resources: { memoryMiB, cpus: model.cpus * size },
    ports: { ...server.ports, ...ports },
    reaches: reachesOf(server.name, role),
    // Its own workflows run through the others: before those serve it would only fail.
    after: [
      ...(server.after ?? []),
      ...(role === "worker" ? roleNames.filter((other) => other !== role).map((other) => workloadOf(server.name, other)) : []),
    ],
  };
}

/**
 * What the server writes into the database as the cluster's address. From 1.32 on it would be that of each replica, and those
 * that start together would write over each other, which the server takes for an error. 1.31 does not read it.
 */
const clusterAddress = (host: string) => ({
  CLUSTER_RPC_ADDRESS: `${host}:${roles.frontend.ports.grpc.port}`,
  CLUSTER_HTTP_ADDRESS: `${host}:${roles.frontend.ports.http?.port}`,
});

/** Every role finds every replica by its membership port; it calls only those that it needs. */
const reachesOf = (name: string, role: RoleName): PartPort[] =>
  roleNames.flatMap((other) => ["membership", ...(roles[role].calls[other] ?? [])].map((port) => ({ workload: workloadOf(name, other), port })));

/** Steps that come after the server come after all its roles, and reach the one port that they ask. */
function afterAll(name: string, { joins, ...job }: JobSpec): JobSpec {
  const every = roleNames.map((role) => workloadOf(name, role));
  const after = job.after.flatMap((part) => (part === name ? every : [part]));
  if (joins !== name) return { ...job, after, ...(joins === undefined ? {} : { joins }) };
  return { ...job, after, reaches: [...(job.reaches ?? []), { workload: name, port: "grpc" }] };
}
