import type { ComponentResource } from "@pulumi/pulumi";
import type { Platform, Realised } from "../../core/platform.ts";
import type { Problem } from "../../core/problems.ts";
import type { SystemSpec } from "../../core/system.ts";
import type { AwsContext } from "./context.ts";
import type { AwsServer } from "./endpoint.ts";

/** What a system becomes on AWS where that is more, or better, than its containers. */
export interface ManagedSystem {
  /** Other workloads for the same connections, with the digest that tells of them. Pure. @default as the component says */
  shape?(spec: SystemSpec, context: AwsContext): SystemSpec;
  /** What AWS cannot honour. With any problem, the system gets stub connections and nothing is made. @default nothing */
  problems?(spec: SystemSpec, context: AwsContext): readonly Problem[];
  /** What is right but leaves something out, and what clients must know. @default nothing */
  warnings?(spec: SystemSpec, context: AwsContext): readonly string[];
  /**
   * Makes what its tasks need and is no task, and answers the spec with the ways to it. Not asked where there are problems.
   * @default nothing is made
   */
  prepare?(context: AwsContext, component: ComponentResource, spec: SystemSpec): SystemSpec;
  /**
   * What a binding opens for a connection of a system that runs outside of the stack, where AWS knows more of it than its
   * address. @default its port
   */
  outside?(spec: SystemSpec, connection: string, context: AwsContext): AwsServer | undefined;
  /** Whether its workloads run as tasks all the same, so that what holds for tasks is looked at: `realise` adds to them. @default false */
  readonly tasks?: boolean;
  /** Makes it, in place of its workloads; of these none runs then. @default its workloads and jobs, as tasks */
  realise?(context: AwsContext, platform: Platform, component: ComponentResource, spec: SystemSpec): Realised;
}

/** By the class of the component. */
export type ManagedSystems = Readonly<Record<string, ManagedSystem>>;
