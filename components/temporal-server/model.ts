import type { DynamicConfig } from "./dynamic-config.ts";

/** What a server is given for all its roles, for a target that runs them apart. */
export interface TemporalModel {
  /** Connections that all roles together open to the two databases at most. */
  readonly maxConnections: number;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly dynamicConfig: DynamicConfig;
}
