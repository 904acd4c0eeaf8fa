import type { Profile } from "../../../core/profile.ts";
import type { PlainPort, StackSettings } from "../../../core/settings.ts";
import { defaultVersion, type MeshVersions, meshVersions } from "./versions.ts";

/** What an environment wants of its mesh. */
export interface MeshSizes {
  /** Requests that are traced, in percent. */
  readonly tracePercent: number;
  /** Requests that every proxy writes to its log: all, or those that failed. */
  readonly accessLog: "all" | "failed";
  readonly controlPlaneReplicas: { readonly min: number; readonly max: number };
  /** What one replica of the control plane reserves; the chart's own 500m and 2Gi are for thousands of pods. */
  readonly controlPlane: { readonly cpu: string; readonly memory: string };
}

const sizes: Readonly<Record<Profile["name"], MeshSizes>> = {
  dev: {
    tracePercent: 100,
    accessLog: "all",
    controlPlaneReplicas: { min: 1, max: 1 },
    controlPlane: { cpu: "100m", memory: "256Mi" },
  },
  staging: {
    tracePercent: 25,
    accessLog: "failed",
    controlPlaneReplicas: { min: 1, max: 2 },
    controlPlane: { cpu: "200m", memory: "512Mi" },
  },
  // One in twenty: what is slow shows in metrics, a trace tells where.
  prod: {
    tracePercent: 5,
    accessLog: "failed",
    controlPlaneReplicas: { min: 2, max: 5 },
    controlPlane: { cpu: "500m", memory: "1Gi" },
  },
};

/** The mesh of a stack, with nothing left open. */
export interface Mesh {
  readonly install: boolean;
  readonly versions: MeshVersions;
  /** Namespace of the control plane. */
  readonly controlPlane: string;
  readonly trustDomain: string;
  /** Domain of the cluster's names. */
  readonly clusterDomain: string;
  /** Extension provider that takes traces. */
  readonly tracingProvider: string | undefined;
  readonly permissive: readonly PlainPort[];
  readonly sizes: MeshSizes;
}

/** The provider that an installed mesh gets: the collector of the stack, by OTLP over HTTP. */
export const ownTracingProvider = "groundplan-collector";

/** The mesh that the settings ask for, if any. One of ambient is a problem; what else would be wrong in it is found, too. */
export function meshOf({ kubernetes, profile }: StackSettings): Mesh | undefined {
  const mesh = kubernetes?.mesh;
  if (mesh === undefined || mesh.mode === "none") return undefined;
  const install = mesh.install ?? false;
  return {
    install,
    versions: meshVersions[mesh.version ?? defaultVersion],
    controlPlane: mesh.controlPlane ?? "istio-system",
    trustDomain: mesh.trustDomain ?? "cluster.local",
    clusterDomain: kubernetes?.clusterDomain ?? "cluster.local",
    tracingProvider: mesh.tracingProvider ?? (install ? ownTracingProvider : undefined),
    permissive: mesh.permissive ?? [],
    sizes: sizes[profile.name],
  };
}
