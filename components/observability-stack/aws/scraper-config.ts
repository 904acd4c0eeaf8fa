import type { Observed } from "../../../src/core/observed.ts";
import { relabelings } from "../catalogue/cloudwatch/labels.ts";
import { endpointsOf } from "../catalogue/index.ts";
import { exporterPort } from "../exporters.ts";
import { partsOf, portNumbers } from "../part.ts";
import { type Around, common, compact, emf } from "./config.ts";
import { type Declared, declarations } from "./figures.ts";

interface Scrape {
  readonly job: string;
  readonly kind: string;
  readonly path: string;
  readonly port: number;
  /** Undefined for the scraper itself. */
  readonly workload?: string;
}

/** What the scraper asks: each component under its name, and the collectors under theirs. */
function scrapesOf(stack: string, observes: readonly Observed[]): readonly Scrape[] {
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

interface ScraperSettings {
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
