import type { RedisAwsArgs } from "./aws-args.ts";

/** A cache as it was declared, for a target that does not run it in a container. */
export interface RedisModel {
  readonly engine: "valkey" | "redis";
  readonly maxMemoryPolicy: string;
  /** Undefined: by the type of the nodes. */
  readonly memoryMiB: number | undefined;
  /** Undefined: by the profile, where the target can fail over. */
  readonly replicas: 1 | 3 | undefined;
  readonly aws: RedisAwsArgs;
}
