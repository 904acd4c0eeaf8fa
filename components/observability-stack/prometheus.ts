import { filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import { http } from "../../src/core/probe.ts";
import type { PartPort, WorkloadSpec } from "../../src/core/workload.ts";
import { endpointsOf, rulesFile } from "./catalogue/index.ts";
import { goEnv, partsOf, portNumbers, type StackModel, tlsOf, traceStore, yamlOf } from "./part.ts";
import { scrapeConfigs } from "./scrapes.ts";

/** prometheus.yaml */
function prometheusConfig(model: StackModel): string {
  const { alertmanager } = partsOf(model.name);
  const secured = model.mesh ? { scheme: "https", tls_config: tlsOf(model.mesh) } : {};
  return yamlOf({
    global: {
      scrape_interval: `${model.scrapeSeconds}s`,
      scrape_timeout: `${Math.min(10, model.scrapeSeconds)}s`,
      evaluation_interval: `${model.scrapeSeconds}s`,
    },
    rule_files: [`${folder}/rules.yaml`],
    ...(model.receivers.length > 0
      ? { alerting: { alertmanagers: [{ static_configs: [{ targets: [`${alertmanager}:${portNumbers.alertmanager}`] }], ...secured }] } }
      : {}),
    // What SDKs send comes in batches, and late after a retry.
    storage: { tsdb: { out_of_order_time_window: "10m" } },
    otlp: { promote_resource_attributes: ["service.name", "service.instance.id", "service.version"] },
    scrape_configs: scrapeConfigs(model),
  });
}

export function prometheus(model: StackModel, exporters: readonly WorkloadSpec[]): WorkloadSpec {
  const { name, observes, receivers, profile, sizes } = model;
  const { collector, loki, alertmanager } = partsOf(name);
  const resources = sizes.resources.metrics;
  const store = traceStore(model);
  const storageGiB = sizes.storageGiB.metrics;
  const reaches: PartPort[] = [
    { workload: collector, port: "metrics" },
    { workload: loki, port: "http" },
    ...(store ? [{ workload: store.workload, port: model.traces === "jaeger" ? "metrics" : "http" }] : []),
    ...(receivers.length > 0 ? [{ workload: alertmanager, port: "http" }] : []),
    ...exporters.map((exporter) => ({ workload: exporter.name, port: "metrics" })),
  ];
  return {
    ...tableContainer("prometheus", resources),
    ...tableServer("prometheus"),
    name: partsOf(name).prometheus,
    replicas: 1,
    identity: "any",
    env: goEnv(resources.memoryMiB),
    command: [
      `--config.file=${folder}/prometheus.yaml`,
      "--storage.tsdb.path=/prometheus",
      `--storage.tsdb.retention.time=${sizes.retentionDays.metrics}d`,
      // A fifth stays for the log that is written ahead and for compaction.
      `--storage.tsdb.retention.size=${Math.max(1, Math.floor(storageGiB * 0.8))}GB`,
      "--web.enable-otlp-receiver",
      "--enable-feature=exemplar-storage",
      "--log.level=warn",
    ],
    files: [
      { path: `${folder}/prometheus.yaml`, content: prometheusConfig(model) },
      { path: `${folder}/rules.yaml`, content: rulesFile(observes, { selfName: name, mesh: model.mesh }) },
    ],
    volumes: [{ name: "data", path: "/prometheus", storageGiB, format: "prometheus-3" }],
    ports: { http: { port: portNumbers.prometheus, protocol: "http", published: profile.publishData } },
    probe: http("/-/ready"),
    reaches,
    bindings: observes.flatMap((one) =>
      endpointsOf(one).map(({ from }, index) => ({
        key: `METRICS_${one.name.replaceAll("-", "_").toUpperCase()}${index === 0 ? "" : `_${index}`}`,
        to: from,
        atOnce: true,
      })),
    ),
  };
}
