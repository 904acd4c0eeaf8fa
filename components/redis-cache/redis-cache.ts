import * as pulumi from "@pulumi/pulumi";
import { type CredentialConnection, summariesOf } from "../../src/core/connection.ts";
import { elsewhere } from "../../src/core/existing-spec.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { RedisAwsArgs } from "./aws-args.ts";
import type { ExistingRedis } from "./existing.ts";
import { redisCacheRules, redisCacheSpec } from "./spec.ts";

/** What a RedisCache takes. */
export interface RedisCacheArgs {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Server: Valkey (BSD licence) or Redis 8 (AGPL). Their newer files differ.
   * @default "valkey"
   * @change replace; refused on kept data: it does not carry over
   */
  readonly engine?: "valkey" | "redis";
  /**
   * What happens when memory is full: `noeviction` answers writes with an error, the others drop keys.
   * @default "noeviction"
   * @change restart
   */
  readonly maxMemoryPolicy?: "noeviction" | "allkeys-lru" | "allkeys-lfu" | "volatile-lru" | "volatile-ttl";
  /**
   * Memory of the server in MiB; keys get three quarters of it. On AWS the size is that of `aws.nodeType`, and a type that has
   * less is refused.
   * @default by profile: 128 (dev), 512 (staging), 2048 (prod)
   * @change restart
   */
  readonly memoryMiB?: number;
  /**
   * Disk for the append-only file in GiB. Not enforced on Docker, unused on AWS.
   * @default by profile: 5 (dev), 20 (staging), 100 (prod)
   * @change safe
   */
  readonly storageGiB?: number;
  /**
   * Servers: 1, or 3 for a primary and two replicas, one of which takes over when the primary is lost. Host, port and users
   * stay the same. On AWS the nodes of the group; refused on Docker.
   * @default by profile: 1 (dev), 3 (staging, prod) on Kubernetes; 1 on Docker; `aws.nodes` on AWS
   * @unit servers
   * @change replace; refused on kept data on Kubernetes: it does not carry over; on AWS safe
   */
  readonly replicas?: 1 | 3;
  /**
   * Settings of ElastiCache, refused elsewhere: write them into the stack file of an environment on AWS.
   * @default by profile
   * @change each
   */
  readonly aws?: RedisAwsArgs;
  /**
   * A cache that runs already, in place of one of this stack: mostly written into the stack file of an environment.
   * @default none: the stack has its own
   * @change replace; the cache of the stack and its data go, and while they are protected the engine refuses to
   */
  readonly existing?: ExistingRedis;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** A cache that is there already. */
export interface ExistingRedisArgs extends ExistingRedis {
  /** The ground that services are made on: the one that the topology gets. */
  readonly platform: Platform;
}

/** A key-value cache with persistence: a primary, with replicas where it fails over, a password, an append-only file. */
export class RedisCache extends pulumi.ComponentResource {
  /** How services reach the cache. */
  readonly connection: CredentialConnection;
  /** How whoever watches it asks for figures: this user may read statistics, and no key. */
  readonly monitor: CredentialConnection;
  /** What it tells about itself, for an ObservabilityStack that observes it. */
  readonly observed: Observed;

  /** A cache that runs already: the same connections, and nothing that is made. A stack file may still say `existing: null`. */
  static existing(name: string, { platform, ...existing }: ExistingRedisArgs, opts?: pulumi.ComponentResourceOptions): RedisCache {
    return new RedisCache(name, { platform, existing }, opts);
  }

  constructor(name: string, args: RedisCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args, redisCacheRules);
    const spec = args.platform.shape(redisCacheSpec(name, settled));
    super("groundplan:index:RedisCache", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    this.connection = connections.default as CredentialConnection;
    this.monitor = connections.monitor as CredentialConnection;
    const { kind, digest } = spec;
    this.observed = { kind, name, replicas: digest.replicas, exporter: { kind: "redis", from: this.monitor }, facts: {}, ...elsewhere(spec) };
    this.registerOutputs({ ...digest, connections: summariesOf(connections) });
  }
}
