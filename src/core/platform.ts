import type { ComponentResource, ComponentResourceOptions, Output, Resource } from "@pulumi/pulumi";
import type { Origins, Rules } from "./checks.ts";
import type { Connection, ConnectionSpec, Endpoint, External, Ready } from "./connection.ts";
import type { CredentialSpec } from "./credentials.ts";
import type { Report } from "./ground.ts";
import type { ImageName } from "./images.ts";
import type { Overrides } from "./overrides.ts";
import type { Problem } from "./problems.ts";
import type { Profile } from "./profile.ts";
import type { SystemSpec } from "./system.ts";
import type { Secrets } from "./text.ts";
import type { JobSpec, WorkloadSpec } from "./workload.ts";

/** The grounds that a topology runs on. */
export type Target = "docker" | "kubernetes" | "aws";

/** The arguments of a component with the overrides of this environment laid over them. */
export interface Settled<A> {
  readonly args: A;
  readonly profile: Profile;
  /** Where each overridden argument was written. */
  readonly origins: Origins;
  /** What is wrong with the plain values, wherever they were written. */
  readonly problems: readonly Problem[];
}

/** Arguments that must be there: always these, or as the others have it. */
export type Required<A> = readonly (keyof A & string)[] | ((args: Partial<A>) => readonly (keyof A & string)[]);

/** What the parts of one system share while it is realised. */
export interface SystemScope {
  readonly system: string;
  readonly secrets: Secrets;
  /** Ports of each workload of the system, by name. */
  readonly ports: Readonly<Record<string, WorkloadSpec["ports"]>>;
  /** Place of each workload of the system, by name. */
  readonly places: Readonly<Record<string, Endpoint>>;
  /** What is ready so far, by the name of workload or job. */
  readonly ready: ReadonlyMap<string, Ready>;
}

/** A workload that some component of the topology makes later, and that others connect to before. */
export interface AheadSpec {
  readonly system: string;
  readonly workload: string;
  readonly scheme: string;
  readonly port: number;
  /** Variables that the clients of this protocol read by themselves, from host and port. */
  readonly env?: ConnectionSpec["env"];
}

export interface RunningWorkload {
  readonly host: string;
  /** Hosts of ports that are reached under another name, by port. @default none */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly endpoint: Endpoint;
  readonly ready: Ready;
  readonly external: Readonly<Record<string, External>>;
}

/** Where a workload of this system is in the network. */
export function placeOf({ system, places }: Pick<SystemScope, "system" | "places">, workload: string): Endpoint {
  const found = places[workload];
  if (!found) throw new Error(`${system}: a spec refers to the workload "${workload}", which it does not declare`);
  return found;
}

export interface Realised {
  readonly connections: Readonly<Record<string, Connection>>;
}

/** A ground. Components know only this; each target implements it with its own SDK. */
export interface Platform {
  /** Which of the grounds it is. */
  readonly target: Target;
  /** Sizes and guards of the environment. */
  readonly profile: Profile;
  /** Whether the data of this component, and what opens it, is protected against deletion by the engine. */
  protects(system: string): boolean;
  /** Lays stack settings and environment over the arguments of the component with this name. */
  settle<A extends object>(name: string, args: A, rules: Rules<A>, required?: Required<A>): Settled<A>;
  /**
   * Options of a component with which its children get the overrides that were given for this target, after everything else. A
   * child or an input that is not there is a problem of the whole topology.
   */
  overriding(
    name: string,
    settled: Settled<{ readonly overrides?: Overrides }>,
    opts?: ComponentResourceOptions,
  ): ComponentResourceOptions | undefined;
  /** Collects problems; they are thrown together at the end of the program. */
  report(report: Report): void;
  /**
   * What the ground makes of a system before anything is registered: other workloads for the same connections, e.g. a server
   * whose roles run apart. Pure. What it returns is what summaries tell and what is realised.
   */
  shape(spec: SystemSpec): SystemSpec;
  /** Makes all parts of a system, or the target's own counterpart of it. */
  realise(component: ComponentResource, spec: SystemSpec): Realised;
  /** Reference of a row of the image table as this stack names it, mirror included. */
  imageReference(name: ImageName): string;
  /**
   * The way to a workload before it is there: nobody waits for it, and its component opens the same place when it makes it.
   * A component that is never made is a problem.
   */
  ahead(part: AheadSpec): Connection;
  /** The place of a workload in the network, which others may be let into before it runs. */
  place(parent: Resource, system: string, workload: string, ports: readonly number[]): Endpoint;
  /** A generated credential, kept as long as the data that it opens where `keep` is set. */
  secret(parent: Resource, name: string, spec: CredentialSpec, keep: boolean): Output<string>;
  /** Runs a workload, and tells when it is ready. */
  workload(parent: Resource, spec: WorkloadSpec, scope: SystemScope): RunningWorkload;
  /** Runs a step to its end; the result is ready only when it exits with 0. */
  job(parent: Resource, spec: JobSpec, scope: SystemScope): Ready;
}
