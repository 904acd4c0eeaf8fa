import { portNumbers } from "../part.ts";

/** What the configuration of collector and scraper says of the account around them. */
export interface Around {
  readonly region: string;
  /** Name of the stack, `groundplan-prod`: traces carry it. */
  readonly prefix: string;
  readonly namespace: string;
  /** Log groups: figures in the embedded format, and lines of SDKs. */
  readonly figuresLog: string;
  readonly linesLog: string;
  /** Name that leads to all tasks of a workload. */
  readonly host: (workload: string) => string;
}

/** One line: it is a variable of the task, which has room for 64 KiB. */
export const compact = (value: unknown) => JSON.stringify(value);

/**
 * Its own figures by the names that the catalogue has. Collectors before 0.152, as the pinned one is, add units and `_total`
 * unless they are told otherwise; later ones do not.
 */
const ownFigures = {
  host: "0.0.0.0",
  port: portNumbers.collectorMetrics,
  without_scope_info: true,
  without_type_suffix: true,
  without_units: true,
};

export const common = {
  extensions: { health_check: { endpoint: `0.0.0.0:${portNumbers.health}` } },
  processors: {
    memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 25 },
    batch: { timeout: "5s", send_batch_size: 1000, send_batch_max_size: 2000 },
  },
  telemetry: {
    logs: { level: "warn" },
    metrics: { readers: [{ pull: { exporter: { prometheus: ownFigures } } }] },
  },
};

/** Figures as lines of log that CloudWatch reads; only what is declared becomes a metric. */
export const emf = ({ region, namespace, figuresLog }: Around, stream: string, metric_declarations: readonly object[]) => ({
  awsemf: {
    region,
    namespace,
    log_group_name: figuresLog,
    log_stream_name: stream,
    dimension_rollup_option: "NoDimensionRollup",
    // The difference to the figure before is told apart by all labels: without the instance, replicas would be mixed up.
    resource_to_telemetry_conversion: { enabled: true },
    metric_declarations,
  },
});

/** collector.yaml: what SDKs send, each to its service. */
export function collectorConfig(around: Around, traces: boolean, tracedPercent: number): string {
  const { region, prefix, linesLog } = around;
  const { extensions, processors, telemetry } = common;
  const received = (exporter: string, ...more: string[]) => ({
    receivers: ["otlp"],
    processors: ["memory_limiter", ...more, "batch"],
    exporters: [exporter],
  });
  return compact({
    extensions,
    receivers: {
      otlp: {
        protocols: { grpc: { endpoint: `0.0.0.0:${portNumbers.otlpGrpc}` }, http: { endpoint: `0.0.0.0:${portNumbers.otlp}` } },
      },
    },
    processors: {
      ...processors,
      "attributes/stack": { actions: [{ key: "stack", value: prefix, action: "upsert" }] },
      probabilistic_sampler: { sampling_percentage: tracedPercent },
    },
    exporters: {
      ...emf(around, "sdk", [{ dimensions: [["service.name"]], metric_name_selectors: [".+"] }]),
      awscloudwatchlogs: { region, log_group_name: linesLog, log_stream_name: "sdk" },
      // SDKs send traces whether somebody keeps them or not.
      ...(traces ? { awsxray: { region, indexed_attributes: ["stack"] } } : { debug: { verbosity: "basic" } }),
    },
    service: {
      extensions: Object.keys(extensions),
      telemetry,
      pipelines: {
        traces: received(traces ? "awsxray" : "debug", "probabilistic_sampler", "attributes/stack"),
        metrics: received("awsemf"),
        logs: received("awscloudwatchlogs"),
      },
    },
  });
}
