import type { ComponentResource } from "@pulumi/pulumi";
import type { Platform, Realised } from "../../core/platform.ts";
import type { Problem } from "../../core/problems.ts";
import type { SystemSpec } from "../../core/system.ts";
import type { AwsContext } from "./context.ts";

/** What a system becomes on AWS where that is better than containers. */
export interface ManagedSystem {
  /** What the service cannot do with the arguments. With any, the system gets stub connections and `realise` is not called. */
  problems(spec: SystemSpec, context: AwsContext): readonly Problem[];
  /** What is right but leaves something out, and what clients must know. @default nothing */
  warnings?(spec: SystemSpec, context: AwsContext): readonly string[];
  realise(context: AwsContext, platform: Platform, component: ComponentResource, spec: SystemSpec): Realised;
}

/** By the class of the component. */
export type ManagedSystems = Readonly<Record<string, ManagedSystem>>;
