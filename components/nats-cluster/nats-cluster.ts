import * as pulumi from "@pulumi/pulumi";
import { type Connection, type CredentialConnection, summariesOf } from "../../src/core/connection.ts";
import { elsewhere } from "../../src/core/existing-spec.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { NatsAwsArgs } from "./aws-args.ts";
import type { ExistingNats } from "./existing.ts";
import { factsOf, type NatsModel } from "./model.ts";
import { natsClusterRules, natsClusterSpec } from "./spec.ts";
import type { Streams } from "./streams.ts";

/** What a NatsCluster takes. */
export interface NatsClusterArgs {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Nodes: 1, or 3 for a quorum. Streams get as many copies.
   * @default by profile: 1 (dev), 3 (staging, prod)
   * @unit nodes
   * @change replace; back up first: streams are made anew, and messages do not carry over reliably
   */
  readonly replicas?: 1 | 3;
  /**
   * Streams and their durable consumers, by name. Reconciled at every `up`.
   * @default none
   * @change safe; one that is taken out stays until it is deleted by hand
   */
  readonly streams?: Streams;
  /**
   * Stream DLQ, which keeps for 14 days what reached its last delivery.
   * @default true
   * @change safe; the stream stays when switched off
   */
  readonly deadLetters?: boolean;
  /** Largest message in KiB. @default 1024 @change restart */
  readonly maxPayloadKiB?: number;
  /** Memory per node in MiB. @default by profile: 256 (dev), 512 (staging), 2048 (prod) @change restart */
  readonly memoryMiB?: number;
  /** Disk per node for streams in GiB, enforced by the server. @default by profile: 5 (dev), 20 (staging), 100 (prod) @change restart */
  readonly storageGiB?: number;
  /**
   * Settings of the instances on AWS, refused elsewhere: write them into the stack file of such an environment.
   * @default by profile
   * @change each
   */
  readonly aws?: NatsAwsArgs;
  /**
   * A cluster that runs already, in place of one of this stack: mostly written into the stack file of an environment.
   * @default none: the stack has its own
   * @change replace; the cluster of the stack and its data go, and while they are protected the engine refuses to
   */
  readonly existing?: ExistingNats;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** A cluster that is there already. */
export interface ExistingNatsArgs extends ExistingNats {
  /** The ground that services are made on: the one that the topology gets. */
  readonly platform: Platform;
}

/** NATS with JetStream on disk: one node, or three with a quorum. */
export class NatsCluster extends pulumi.ComponentResource {
  /** How services reach the cluster, as the application user. */
  readonly connection: CredentialConnection;
  /** How operators reach it: the system account sees all accounts, and no messages. */
  readonly system: CredentialConnection;
  /** Its monitoring endpoint, without a password: for scrapers. */
  readonly monitor: Connection;
  /** What it tells about itself, for an ObservabilityStack that observes it. */
  readonly observed: Observed;

  /** A cluster that runs already: the same connections, and nothing that is made. A stack file may still say `existing: null`. */
  static existing(name: string, { platform, ...existing }: ExistingNatsArgs, opts?: pulumi.ComponentResourceOptions): NatsCluster {
    return new NatsCluster(name, { platform, existing }, opts);
  }

  constructor(name: string, args: NatsClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args, natsClusterRules);
    const spec = args.platform.shape(natsClusterSpec(name, settled));
    super("groundplan:index:NatsCluster", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    this.connection = connections.default as CredentialConnection;
    this.system = connections.system as CredentialConnection;
    this.monitor = connections.monitor as Connection;
    const { replicas } = spec.digest;
    const exporter = { kind: "nats" as const, from: this.monitor };
    this.observed = { kind: spec.kind, name, replicas, named: true, exporter, facts: factsOf(spec.model as NatsModel), ...elsewhere(spec) };
    this.registerOutputs({ ...spec.digest, connections: summariesOf(connections) });
  }
}
