import type { Observed } from "../../../src/core/observed.ts";
import { relabelings } from "../catalogue/cloudwatch/labels.ts";
import { endpointsOf } from "../catalogue/index.ts";
import { exporterPort } from "../exporters.ts";
import { partsOf, portNumbers } from "../part.ts";
import { type Declared, declarations } from "./figures.ts";

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
const compact = (value: unknown) => JSON.stringify(value);

const common = {
  extensions: { health_check: { endpoint: `0.0.0.0:${portNumbers.health}` } },
  processors: {
    memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 25 },
    batch: { timeout: "5s", send_batch_size: 1000, send_batch_max_size: 2000 },
  },
  telemetry: {
    logs: { level: "warn" },
    metrics: { readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: portNumbers.collectorMetrics } } } }] },
  },
};

/** Figures as lines of log that CloudWatch reads; only what is declared becomes a metric. */
const emf = ({ region, namespace, figuresLog }: Around, stream: string, metric_declarations: readonly object[]) => ({
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

interface Scrape {
  readonly job: string;
  readonly kind: string;
  readonly path: string;
  readonly port: number;
  /** Undefined for the scraper itself. */
  readonly workload?: string;
}

/** What the scraper asks: each component under its name, and the collectors under theirs. */
export function scrapesOf(stack: string, observes: readonly Observed[]): readonly Scrape[] {
  const { collector, scraper, exporter } = partsOf(stack);
  const own = { path: "/metrics", port: portNumbers.collectorMetrics, kind: "" };
  return [
    ...observes.flatMap((it): Scrape[] => [
      ...endpointsOf(it).map(({ from, path }) => ({ job: it.name, kind: it.kind, path, port: from.summary.port, workload: from.summary.workload })),
      ...(it.exporter ? [{ job: it.name, kind: it.kind, path: "/metrics", port: exporterPort(it.exporter), workload: exporter(it.name) }] : []),
    ]),
    { ...own, job: collector, workload: collector },
    { ...own, job: scraper },
  ];
}

export interface ScraperSettings {
  readonly stack: string;
  readonly observes: readonly Observed[];
  readonly scrapeSeconds: number;
  readonly figures: readonly Declared[];
  /** Whether a workspace of Prometheus gets all figures, at the address in this variable. */
  readonly remoteWrite?: string | undefined;
}

/** scraper.yaml: asks what has figures for Prometheus, and hands over those that are declared. */
export function scraperConfig(around: Around, { stack, observes, scrapeSeconds, figures, remoteWrite }: ScraperSettings): string {
  const { extensions, processors, telemetry } = common;
  const scrape_configs = scrapesOf(stack, observes).map((scrape, index, all) => scrapeConfig(around, scrape, all.slice(0, index)));
  const sigv4auth = { region: around.region, service: "aps" };
  const extended = { ...extensions, ...(remoteWrite ? { sigv4auth } : {}) };
  return compact({
    extensions: extended,
    receivers: {
      prometheus: { config: { global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${Math.min(10, scrapeSeconds)}s` }, scrape_configs } },
    },
    processors: {
      ...processors,
      "filter/figures": { metrics: { include: { match_type: "strict", metric_names: figures.map(({ metric }) => metric) } } },
    },
    exporters: {
      ...emf(around, "scraped", declarations(figures)),
      ...(remoteWrite
        ? { prometheusremotewrite: { endpoint: `\${env:${remoteWrite}}api/v1/remote_write`, auth: { authenticator: "sigv4auth" } } }
        : {}),
    },
    service: {
      extensions: Object.keys(extended),
      telemetry,
      pipelines: {
        "metrics/cloudwatch": {
          receivers: ["prometheus"],
          processors: ["memory_limiter", "filter/figures", "batch"],
          exporters: ["awsemf"],
        },
        ...(remoteWrite
          ? { "metrics/prometheus": { receivers: ["prometheus"], processors: ["memory_limiter", "batch"], exporters: ["prometheusremotewrite"] } }
          : {}),
      },
    },
  });
}

function scrapeConfig({ host }: Around, { job, kind, path, port, workload }: Scrape, before: readonly Scrape[]): object {
  const same = before.filter((other) => other.job === job).length;
  const component = { target_label: "component", replacement: job };
  return {
    // Each wants a name of its own; the label stays that of the component.
    job_name: same === 0 ? job : `${job}#${same}`,
    metrics_path: path,
    fallback_scrape_protocol: "PrometheusText0.0.4",
    ...(workload ? { dns_sd_configs: [{ names: [host(workload)], type: "A", port }] } : { static_configs: [{ targets: [`127.0.0.1:${port}`] }] }),
    relabel_configs: [component, ...(same === 0 ? [] : [{ target_label: "job", replacement: job }])],
    ...(relabelings[kind] ? { metric_relabel_configs: relabelings[kind] } : {}),
  };
}
