import type { ComponentResource } from "@pulumi/pulumi";
import type { Platform, Realised } from "../../core/platform.ts";
import type { Problem } from "../../core/problems.ts";
import type { StackSettings } from "../../core/settings.ts";
import type { SystemSpec } from "../../core/system.ts";
import type { KubernetesContext } from "./context.ts";

/** What a system becomes in a cluster where that is more than its containers. */
export interface ClusterSystem {
  /** Other workloads for the same connections, with the digest that tells of them. Pure. @default as the component says */
  shape?(spec: SystemSpec, settings: StackSettings): SystemSpec;
  /** What a cluster cannot honour. With any problem, nothing is made. @default nothing */
  problems?(spec: SystemSpec, settings: StackSettings): readonly Problem[];
  /** What is honoured in another way, and what clients must know. @default nothing */
  warnings?(spec: SystemSpec, settings: StackSettings): readonly string[];
  /** Makes it, when it is not, or not only, containers. @default its workloads and jobs */
  realise?(context: KubernetesContext, platform: Platform, component: ComponentResource, spec: SystemSpec): Realised;
}

/** By the class of the component. */
export type ClusterSystems = Readonly<Record<string, ClusterSystem>>;
