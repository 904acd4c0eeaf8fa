import type { PostgresAwsArgs } from "./aws-args.ts";
import type { Databases } from "./databases.ts";

/** A PostgreSQL server as it was declared, for a target that does not run it in a container. */
export interface PostgresModel {
  readonly version: "16" | "17";
  readonly databases: Databases;
  /** Undefined: as many as the target gives. */
  readonly maxConnections: number | undefined;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Undefined: by the class of the instance. */
  readonly memoryMiB: number | undefined;
  readonly storageGiB: number;
  readonly aws: PostgresAwsArgs;
}
