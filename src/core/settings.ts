import type { ImageSettings } from "./images.ts";
import type { StackIdentity } from "./naming.ts";
import type { Target } from "./platform.ts";
import type { Profile } from "./profile.ts";

/** An environment variable that overrides an argument of a component: `GROUNDPLAN_COMPONENTS__DB__REPLICAS=3`. */
export interface EnvironmentOverride {
  readonly variable: string;
  /** Below `components`, as written: `["DB", "REPLICAS"]`. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Which cluster, and how it is used. */
export interface KubernetesSettings {
  readonly context: string;
  readonly kubeconfig?: string | undefined;
  readonly namespace?: string | undefined;
  readonly storageClass?: string | undefined;
  readonly registry?: string | undefined;
  readonly pullSecrets?: readonly string[] | undefined;
  readonly nameServers?: readonly string[] | undefined;
  readonly clusterDomain?: string | undefined;
  readonly gatewayClass?: string | undefined;
  readonly mesh?: MeshSettings | undefined;
}

/** The service mesh of a stack. */
export interface MeshSettings {
  /** `ambient` is known, and a problem of the plan: it is not built. */
  readonly mode: "sidecar" | "none" | "ambient";
  /** Of ambient alone. */
  readonly waypoint?: unknown;
  readonly ztunnel?: unknown;
  readonly install?: boolean | undefined;
  readonly version?: "1.31" | undefined;
  readonly controlPlane?: string | undefined;
  readonly trustDomain?: string | undefined;
  readonly tracingProvider?: string | undefined;
  readonly permissive?: readonly PlainPort[] | undefined;
}

/** A port that takes plain connections in a mesh, and why it must. */
export interface PlainPort {
  readonly workload: string;
  /** Name of the port, as the component calls it. */
  readonly port: string;
  readonly reason: string;
}

/** Where on AWS, and in which network. */
export interface AwsSettings {
  readonly region: string;
  readonly accountId: string;
  readonly zones: readonly string[];
  readonly cidr?: string | undefined;
  readonly takenCidrs?: readonly string[] | undefined;
  readonly vpc?:
    | { readonly id: string; readonly public: readonly string[]; readonly private: readonly string[]; readonly data: readonly string[] }
    | undefined;
  readonly nat?: "none" | "one" | "regional" | undefined;
  readonly backupRegion?: string | undefined;
  readonly alarmTopics?: readonly string[] | undefined;
  readonly endpoints?: Readonly<Record<string, string>> | undefined;
}

/** The configuration of one environment: plain, complete and frozen. */
export interface StackSettings extends StackIdentity {
  readonly topology: string;
  readonly target: Target;
  readonly profile: Profile;
  readonly images: ImageSettings;
  /** `component.port` -> port on the developer's machine. */
  readonly ports: Readonly<Record<string, number>>;
  /** Outbound addresses (`host:port`) that services of this environment may declare; undefined allows any. */
  readonly egress?: readonly string[];
  /** Pool from which the small networks of Docker are cut. */
  readonly subnetPool: string;
  /** Set when the target is kubernetes, and possibly when it is not. */
  readonly kubernetes?: KubernetesSettings;
  readonly aws?: AwsSettings;
  /** Arguments of components by component name. */
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Components whose data may be deleted from now on, because they are about to leave the topology. */
  readonly retired: readonly string[];
  readonly environmentOverrides: readonly EnvironmentOverride[];
  /** Setting path -> where its value came from. */
  readonly origins: Readonly<Record<string, string>>;
}

/** Whether the data of a component, and what opens it, has been given up: nothing of it is protected any more. */
export const isRetired = ({ retired }: Pick<StackSettings, "retired">, component: string) => retired.includes(component);
