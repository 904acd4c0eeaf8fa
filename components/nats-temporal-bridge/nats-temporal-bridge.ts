import * as pulumi from "@pulumi/pulumi";
import type { Connection, CredentialConnection } from "../../src/core/connection.ts";
import type { Observed } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { BridgeRouteArgs } from "./routes.ts";
import { bridgeRequired, natsTemporalBridgeRules, natsTemporalBridgeSpec, observedBridge } from "./spec.ts";

/** What a NatsTemporalBridge takes. */
export interface NatsTemporalBridgeArgs {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /** Cluster whose messages start workflows, e.g. `bus.connection`. @change restart */
  readonly nats: CredentialConnection;
  /** Namespace in which they are started, e.g. `temporal.connection`. @change restart */
  readonly temporal: Connection;
  /** Stream that keeps the messages. @change restart */
  readonly stream: string;
  /** Durable consumer of that stream; the cluster declares it. @change restart; the new one has a place of its own */
  readonly consumer: string;
  /** Which messages start what; the first route whose subject matches has the message. @change restart */
  readonly routes: readonly BridgeRouteArgs[];
  /**
   * Deliveries of a message after which it is a dead letter. One delivery less than the consumer's own `maxDeliver` is the
   * most that counts: after its last one the server gives up by itself. Time without Temporal costs no delivery.
   * @default 5
   * @unit deliveries
   * @change restart
   */
  readonly maxDeliver?: number;
  /**
   * Messages that one replica works on at a time. More load Temporal more, and its workers get less of it.
   * @default 50
   * @unit messages
   * @change restart
   */
  readonly maxInFlight?: number;
  /**
   * Containers that share the consumer.
   * @default by profile: 1 (dev), 2 (staging), 3 (prod)
   * @unit containers
   * @change safe; only the step between 1 and more replaces the first container
   */
  readonly replicas?: number;
  /** Where a span per message goes by OTLP over HTTP. @default none @change restart */
  readonly telemetry?: Connection;
  /** Memory in MiB. @default by profile: 256 (dev), 512 (staging), 1024 (prod) @change restart */
  readonly memoryMiB?: number;
  /** CPUs. @default by profile: 0.5 (dev, staging), 1 (prod) @unit CPUs @change restart */
  readonly cpus?: number;
  /** Seconds after the stop signal in which messages at work are finished. @default 30 @change restart */
  readonly stopSeconds?: number;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** Starts a Temporal workflow for each message of a JetStream consumer, exactly once by message id. */
export class NatsTemporalBridge extends pulumi.ComponentResource {
  /** Its health and its metrics. */
  readonly connection: Connection;
  /** What it tells about itself, for an ObservabilityStack that observes it. */
  readonly observed: Observed;

  constructor(name: string, args: NatsTemporalBridgeArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args, natsTemporalBridgeRules, bridgeRequired);
    const spec = args.platform.shape(natsTemporalBridgeSpec(name, settled));
    super("groundplan:index:NatsTemporalBridge", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    this.connection = connections.http as Connection;
    this.observed = observedBridge(spec, this.connection);
    this.registerOutputs({ ...spec.digest, connections: { http: this.connection.summary } });
  }
}
