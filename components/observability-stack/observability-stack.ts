import * as pulumi from "@pulumi/pulumi";
import type { Connection, CredentialConnection } from "../../src/core/connection.ts";
import type { Observable } from "../../src/core/observed.ts";
import type { Overrides } from "../../src/core/overrides.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { ObservabilityAwsArgs } from "./aws-args.ts";
import type { Monitors } from "./part.ts";
import type { Receivers } from "./receivers.ts";
import type { PartName, StoreName } from "./sizes.ts";
import { observabilityStackRequired, observabilityStackRules, observabilityStackSpec } from "./spec.ts";
import { otlpAhead } from "./stack.ts";

/** What an ObservabilityStack takes. */
export interface ObservabilityStackArgs {
  /** The ground it is made on: the one that the topology gets. */
  readonly platform: Platform;
  /**
   * Components that are watched: what they tell about themselves becomes scrape jobs, exporters, rules and dashboards.
   * @change restart; of what has their configuration
   */
  readonly observes: readonly Observable[];
  /**
   * Where traces are kept. On AWS it is X-Ray, and only `none` may be said.
   * @default "tempo"
   * @change replace; the traces of the other one are left behind
   */
  readonly traces?: "tempo" | "jaeger" | "none";
  /** Who is told about alerts, each from a severity on. @default nobody, with a warning @change restart */
  readonly receivers?: Receivers;
  /**
   * The Prometheus operator of the cluster, for those who have one: objects PodMonitor for each target that serves figures,
   * and PrometheusRule with the same rules, beside the stack's own Prometheus. `namespace` is that of its Prometheus, `labels`
   * those by which it chooses.
   * @default none
   * @change safe
   */
  readonly monitors?: Monitors;
  /**
   * Seconds between two questions for figures, and between two evaluations of the rules, 60 at most.
   * @default 15, on AWS 30
   * @change restart
   */
  readonly scrapeSeconds?: number;
  /**
   * Days that each store keeps what it has. Refused on AWS: CloudWatch keeps figures for 15 months, X-Ray traces for 30 days,
   * and logs as long as the profile says.
   * @default by profile: metrics 7, 30, 90; logs 7, 30, 365; traces 2, 7, 14
   * @change restart; shorter deletes
   */
  readonly retentionDays?: Partial<Readonly<Record<StoreName, number>>>;
  /**
   * Disk of each store in GiB. Only metrics hold to it on Docker; refused on AWS.
   * @default by profile: 5 (dev), 20 (staging), 100 (prod)
   * @change restart
   */
  readonly storageGiB?: Partial<Readonly<Record<StoreName, number>>>;
  /**
   * Memory of each part in MiB; `exporter` is each of them. On AWS there are collector and exporter alone.
   * @default by profile, in dev: collector 160, metrics 320, logs 256, traces 512, dashboards 512, alerts 48, exporter 64
   * @change restart
   */
  readonly memoryMiB?: Partial<Readonly<Record<PartName, number>>>;
  /** Settings of the services of AWS that stand in for the parts. @default as each of them says @change each */
  readonly aws?: ObservabilityAwsArgs;
  /**
   * Inputs of single resources of it, target by target, laid over everything else: docs/overrides.md.
   * @default none
   * @change each
   */
  readonly overrides?: Overrides;
}

/**
 * The way for services to hand over traces, metrics and logs, before the stack with this name is constructed. A binding to
 * it sets the variables that SDKs of OpenTelemetry read, and waits for nothing.
 */
export const telemetryOf = (platform: Platform, name: string): Connection => platform.ahead(otlpAhead(name));

/** Metrics, logs, traces, dashboards and alerts of a topology. Constructed last; nothing waits for it. */
export class ObservabilityStack extends pulumi.ComponentResource {
  /** Where SDKs send; `telemetryOf` is the same, earlier. */
  readonly otlp: Connection;
  /** Undefined on AWS: figures are in CloudWatch. */
  readonly prometheus: Connection | undefined;
  /** Undefined on AWS: lines are in CloudWatch Logs. */
  readonly loki: Connection | undefined;
  /** Undefined with `traces: "none"`, and on AWS: traces are in X-Ray. */
  readonly traces: Connection | undefined;
  /**
   * The dashboards, as their administrator. On AWS the address of the workspace of `aws.grafana`, whose people log in by themselves;
   * undefined without it: dashboards are in the console of CloudWatch.
   */
  readonly grafana: (Connection & Partial<CredentialConnection>) | undefined;

  constructor(name: string, args: ObservabilityStackArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = args.platform.settle(name, args, observabilityStackRules, observabilityStackRequired);
    const spec = args.platform.shape(observabilityStackSpec(name, settled));
    super("groundplan:index:ObservabilityStack", name, spec.digest, args.platform.overriding(name, settled, opts));
    const { connections } = args.platform.realise(this, spec);
    this.otlp = connections.otlp as Connection;
    this.prometheus = connections.prometheus;
    this.loki = connections.loki;
    this.traces = connections.traces;
    this.grafana = connections.grafana;
    const summaries = Object.fromEntries(Object.entries(connections).map(([key, connection]) => [key, connection.summary]));
    this.registerOutputs({ ...spec.digest, connections: summaries });
  }
}
