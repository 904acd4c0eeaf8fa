import type { CapabilityKey } from "./capabilities.ts";
import type { ConnectionSpec } from "./connection.ts";
import type { LastingCredential } from "./credential-names.ts";
import type { CredentialSpec } from "./credentials.ts";
import type { ExistingSystem } from "./existing.ts";
import type { Problem } from "./problems.ts";
import type { JobSpec, PartPort, WorkloadSpec } from "./workload.ts";

/** Everything a platform needs to realise one system: plain, pure and free of secret values. */
export interface SystemSpec {
  /** Class of the component. */
  readonly kind: string;
  readonly name: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Secret-free facts for graph, policies and previews. */
  readonly digest: Digest;
  readonly secrets: Readonly<Record<string, CredentialSpec>>;
  readonly workloads: readonly WorkloadSpec[];
  readonly jobs: readonly JobSpec[];
  readonly connections: Readonly<Record<string, ConnectionSpec>>;
  /** What the component declares in its own terms, for a target that serves it by something better than containers. */
  readonly model?: unknown;
  /** Workload and port that take the logs of all containers of the stack, where the target sends them. */
  readonly collectsLogs?: PartPort;
  /** Arguments that somebody set and that not every target honours: refused, or told to be coarser, as the matrix has it. */
  readonly asks?: readonly Ask[];
  /** Set when it runs outside of the stack: it has no workloads and no jobs, and only its connections are offered. @default it is made */
  readonly existing?: ExistingSystem;
}

/** An argument that not every target honours: the row of the capability matrix, and where the argument stands. */
export interface Ask {
  readonly capability: CapabilityKey;
  readonly path: string;
  readonly value: unknown;
}

/** Small summary of a component: the same in the engine's state, in the plan and in policies. */
export interface Digest {
  readonly kind: string;
  readonly profile: string;
  readonly replicas: number;
  readonly probe: string;
  /** The same by workload, for a system of several. */
  readonly probes: Readonly<Record<string, string>>;
  readonly bindings: Readonly<Record<string, string>>;
  /**
   * Environment variables that bindings give, behind the key of their binding: `["DATABASE=DATABASE_URL"]`. A list, because
   * the name of a variable beside a plain word would look like a secret that is written down. @default none
   */
  readonly variables?: readonly string[];
  /** Who connects where, by workload: `{ api: ["db:5432"] }`. */
  readonly reaches: Readonly<Record<string, readonly string[]>>;
  readonly published: readonly string[];
  readonly storageGiB: number;
  readonly egress: readonly string[];
  /** Credentials that `rotate` leaves as they are, with the reason. @default none */
  readonly lasting?: readonly LastingCredential[];
  /** Address of a system that runs elsewhere. @default it is made here */
  readonly existing?: string;
}
