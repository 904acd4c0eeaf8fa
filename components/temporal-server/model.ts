import type { ConnectionSummary } from "../../src/core/connection.ts";
import type { DynamicConfig } from "./dynamic-config.ts";
import type { Store } from "./stores.ts";

/** What a server is given for all its roles, for a target that runs them apart. */
export interface TemporalModel {
  /** Connections that all roles together open to the two databases at most. Undefined: as many as the target thinks right. */
  readonly maxConnections: number | undefined;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly dynamicConfig: DynamicConfig;
  /** The databases as far as they are given. */
  readonly databases: Partial<Readonly<Record<Store, ConnectionSummary>>>;
}
