import * as pulumi from "@pulumi/pulumi";
import { type Connection, type DatabaseConnection, summariesOf } from "../../src/core/connection.ts";
import { elsewhere } from "../../src/core/existing-spec.ts";
import type { Observed, ObservedPart } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { DynamicConfig } from "./dynamic-config.ts";
import type { ExistingTemporal } from "./existing.ts";
import { type Namespaces, namesOf, namespaceKey } from "./namespaces.ts";
import { temporalServerRequired, temporalServerRules, temporalServerSpec } from "./spec.ts";
import type { TemporalVersion } from "./versions.ts";

/** What a TemporalServer takes. */
export interface TemporalServerArgs<N extends Namespaces = Namespaces> {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Database for workflows, as its owner: one of a PostgresDb, for this server alone.
   * @change restart; with other workflows, those of that database
   */
  readonly database: DatabaseConnection;
  /**
   * Database for the list of workflows and their search attributes: a second one, on the same PostgresDb or another.
   * @change restart; the list of workflows is then that of this database
   */
  readonly visibility: DatabaseConnection;
  /**
   * Parts that workflows are spread over, which bounds how far the server can grow: 4 for one machine, 512 for a small
   * production. Fixed by the first start; a change on kept data is refused.
   * @unit shards
   * @change replace; refused on kept data
   */
  readonly historyShards: number;
  /** Minor version; patches come with the library. @default "1.31" @change restart; upwards and one minor at a time */
  readonly version?: TemporalVersion;
  /**
   * Namespaces with retention and search attributes, the default one first. Reconciled at every `up`; one that is taken out
   * stays.
   * @change safe
   */
  readonly namespaces: N;
  /** Dynamic configuration by key, a value or a list of values with constraints. @default none @change restart */
  readonly dynamicConfig?: DynamicConfig;
  /** Whether the web UI runs beside the server. @default true @change safe */
  readonly ui?: boolean;
  /**
   * Connections that all roles together open to the two databases at most, two thirds of them to `database`. Each role has
   * pools of its own, and where the roles run apart each of their replicas.
   * @default 60; 120 where the roles run apart on AWS, which has twice the replicas during a rollout
   * @unit connections
   * @change restart
   */
  readonly maxConnections?: number;
  /**
   * Memory of the server in MiB; where its roles run apart, of a replica of history, and half of it of the others.
   * @default by profile: 512 (dev), 1024 (staging), 4096 (prod)
   * @change restart
   */
  readonly memoryMiB?: number;
  /**
   * CPUs of the server, divided in the same way.
   * @default by profile: 1 (dev, staging), 2 (prod)
   * @unit CPUs
   * @change restart
   */
  readonly cpus?: number;
  /** Least severe messages that are logged. @default "info" @change restart */
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  /**
   * A server that runs already, in place of one of this stack: mostly written into the stack file of an environment. Its databases are there, so those of the stack are not used.
   * @default none: the stack has its own
   * @change replace; another server, so other workflows
   */
  readonly existing?: ExistingTemporal;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/** A server that is there already, with the namespaces that services of this stack use, the default one first. */
export interface ExistingTemporalArgs<N extends Namespaces = Namespaces> extends ExistingTemporal {
  /** The ground that services are made on: the one that the topology gets. */
  readonly platform: Platform;
  readonly namespaces: N;
}

/** A Temporal server, in one process or with its roles apart, its schema and namespaces kept up to date, and its web UI. */
export class TemporalServer<const N extends Namespaces = Namespaces> extends pulumi.ComponentResource {
  /** How workers and clients reach the first namespace: `temporal://<host>:7233/<namespace>`. */
  readonly connection: Connection;
  /** The same for each namespace. */
  readonly namespaces: { readonly [K in keyof N]: Connection };
  /** Its figures in the Prometheus format, at `/metrics`. */
  readonly metrics: Connection;
  /** The web UI; undefined with `ui: false`. It asks nobody who they are. */
  readonly ui: Connection | undefined;
  /** What it tells about itself, for an ObservabilityStack that observes it. */
  readonly observed: Observed;

  /** A server that runs already: the same connections, and nothing that is made. */
  static existing<const N extends Namespaces>(
    name: string,
    { platform, namespaces, ...existing }: ExistingTemporalArgs<N>,
    opts?: pulumi.ComponentResourceOptions,
  ): TemporalServer<N> {
    // What a server of the stack cannot be without is that of the other one.
    return new TemporalServer<N>(name, { platform, namespaces, existing } as unknown as TemporalServerArgs<N>, opts);
  }

  constructor(name: string, args: TemporalServerArgs<N>, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args as TemporalServerArgs, temporalServerRules, temporalServerRequired);
    const spec = args.platform.shape(temporalServerSpec(name, settled));
    super("groundplan:index:TemporalServer", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    const names = namesOf(settled.args.namespaces);
    const byName = Object.fromEntries(names.map((namespace) => [namespace, connections[namespaceKey(namespace)]]));
    this.namespaces = byName as typeof this.namespaces;
    this.connection = Object.values(byName)[0] as Connection;
    this.metrics = connections.metrics as Connection;
    this.ui = connections.ui;
    const also = Object.entries(connections).flatMap(([key, from]): ObservedPart[] => {
      const part = key.startsWith("metrics/") ? spec.workloads.find((workload) => workload.name === from.summary.workload) : undefined;
      return part ? [{ from, path: "/metrics", replicas: part.replicas }] : [];
    });
    this.observed = {
      kind: "TemporalServer",
      name,
      replicas: spec.digest.replicas,
      metrics: { from: this.metrics, path: "/metrics" },
      ...(also.length > 0 ? { also } : {}),
      facts: { namespaces: names },
      ...elsewhere(spec),
    };
    this.registerOutputs({ ...spec.digest, connections: summariesOf(connections) });
  }
}
