import type { Resources } from "./workload.ts";

/** How an environment is sized and guarded. Data, never an `if` on the name of the environment. */
export interface Profile {
  readonly name: "dev" | "staging" | "prod";
  /** Ports of data systems are published on loopback for the developer. */
  readonly publishData: boolean;
  /** A service without an image runs the placeholder; otherwise that is an error. */
  readonly allowPlaceholder: boolean;
  /** Environment variables may override stack settings other than mirror, mirrorDigests and images. */
  readonly allowEnvironmentOverrides: boolean;
  /** `down --volumes` deletes data without `--yes`. */
  readonly discardDataFreely: boolean;
  readonly natsReplicas: 1 | 3;
  readonly serviceReplicas: number;
  readonly storageGiB: number;
  readonly resources: Readonly<Record<"database" | "broker" | "cache" | "service" | "job", Resources>>;
}
