import type { Profile } from "../../../src/core/profile.ts";
import type { PortSpec } from "../../../src/core/workload.ts";

export type RoleName = "frontend" | "history" | "matching" | "worker";
type Port = "grpc" | "http" | "membership";

/** One role of the server as a workload of its own. */
interface Role {
  /** Ports of the server's own configuration template. */
  readonly ports: Readonly<Partial<Record<Port, PortSpec>> & Record<"grpc" | "membership", PortSpec>>;
  /** Ports of roles that it calls, its own siblings among them. */
  readonly calls: Readonly<Partial<Record<RoleName, readonly Port[]>>>;
  /** Its part of memory and CPUs, in those of the component. */
  readonly size: number;
  /** How many times as many connections to the databases as a frontend one replica has. */
  readonly connections: number;
  /** Replicas below those of a service; there is always one. */
  readonly fewer: number;
}

const port = (number: number, protocol: PortSpec["protocol"]): PortSpec => ({ port: number, protocol, published: false });

/**
 * Calls are those of the sources of 1.31: history tells the frontend of a workflow's end over HTTP, too (Nexus, callbacks);
 * matching hands tasks on among its own replicas; nobody calls the worker, whose port answers for its health alone. History
 * holds the state of workflows and does most of the writing, so it is the largest.
 */
export const roles: Readonly<Record<RoleName, Role>> = {
  frontend: {
    ports: { grpc: port(7233, "grpc"), http: port(7243, "http"), membership: port(6933, "tcp") },
    calls: { frontend: ["grpc"], history: ["grpc"], matching: ["grpc"] },
    size: 0.5,
    connections: 1,
    fewer: 0,
  },
  history: {
    ports: { grpc: port(7234, "grpc"), membership: port(6934, "tcp") },
    calls: { frontend: ["grpc", "http"], history: ["grpc"], matching: ["grpc"] },
    size: 1,
    connections: 2,
    fewer: 0,
  },
  matching: {
    ports: { grpc: port(7235, "grpc"), membership: port(6935, "tcp") },
    calls: { history: ["grpc"], matching: ["grpc"] },
    size: 0.5,
    connections: 1,
    fewer: 0,
  },
  worker: {
    ports: { grpc: port(7239, "grpc"), membership: port(6939, "tcp") },
    calls: { frontend: ["grpc"], history: ["grpc"], matching: ["grpc"] },
    size: 0.5,
    connections: 1,
    fewer: 1,
  },
};

export const roleNames = Object.keys(roles) as RoleName[];

/** The frontend has the name of the component: it is what clients reach. */
export const workloadOf = (name: string, role: RoleName): string => (role === "frontend" ? name : `${name}-${role}`);

export const replicasOf = (role: RoleName, profile: Profile): number => Math.max(1, profile.serviceReplicas - roles[role].fewer);
