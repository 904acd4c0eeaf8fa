import type { Observed } from "../../../../src/core/observed.ts";
import { part } from "../kinds/parts.ts";
import type { Section, Stat } from "../model.ts";
import { quoted, rate, series } from "../promql.ts";

export const telemetryStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Parts up", unit: "short", query: `sum(up{job=~${quoted(`${it.name}-.+`)}})` },
  { type: "stat", title: "Series", unit: "short", query: series("prometheus_tsdb_head_series", part(it, "prometheus")) },
];

export const telemetrySections = (it: Observed): readonly Section[] => [collectorSection(part(it, "collector")), storesSection(it)];

const collectorSection = (it: Observed): Section => ({
  title: "Collector",
  panels: [
    {
      type: "timeseries",
      title: "Taken",
      unit: "ops",
      queries: [{ expr: series("job_receiver:otelcol_accepted:rate5m", it), legend: "{{receiver}} {{signal}}" }],
    },
    {
      type: "timeseries",
      title: "Refused",
      unit: "ops",
      queries: [{ expr: series("job_receiver:otelcol_refused:rate5m", it), legend: "{{receiver}} {{signal}}" }],
    },
    {
      type: "timeseries",
      title: "Sent",
      unit: "ops",
      queries: [{ expr: series("job_exporter:otelcol_sent:rate5m", it), legend: "{{exporter}} {{signal}}" }],
    },
    {
      type: "timeseries",
      title: "Lost",
      unit: "ops",
      queries: [
        { expr: series("job_exporter:otelcol_send_failed:rate5m", it), legend: "{{exporter}} {{signal}}" },
        { expr: series("job_exporter:otelcol_enqueue_failed:rate5m", it), legend: "{{exporter}} {{signal}}, queue full" },
      ],
    },
    {
      type: "timeseries",
      title: "Queues",
      unit: "percentunit",
      queries: [
        {
          expr: `${series("otelcol_exporter_queue_size", it)} / (${series("otelcol_exporter_queue_capacity", it)} > 0)`,
          legend: "{{exporter}} {{data_type}}",
        },
      ],
      limits: [0.5, 0.8],
    },
    {
      type: "timeseries",
      title: "Memory",
      unit: "bytes",
      queries: [{ expr: series("otelcol_process_memory_rss", it), legend: "{{instance}}" }],
    },
  ],
});

const storesSection = (it: Observed): Section => ({
  title: "Stores and alerts",
  panels: [
    {
      type: "timeseries",
      title: "Samples stored",
      unit: "ops",
      queries: [{ expr: rate("prometheus_tsdb_head_samples_appended_total", part(it, "prometheus")), legend: "{{type}}" }],
    },
    {
      type: "timeseries",
      title: "Size of figures on disk",
      unit: "bytes",
      queries: [{ expr: series("prometheus_tsdb_storage_blocks_bytes", part(it, "prometheus")), legend: "blocks" }],
    },
    {
      type: "timeseries",
      title: "Lines stored",
      unit: "ops",
      queries: [{ expr: `sum(${rate("loki_distributor_lines_received_total", part(it, "loki"))})`, legend: "lines" }],
    },
    {
      type: "timeseries",
      title: "Requests to Loki, 99th percentile",
      unit: "s",
      queries: [{ expr: series("job_route:loki_request_seconds:p99_5m", part(it, "loki")), legend: "{{route}}" }],
    },
    {
      type: "timeseries",
      title: "Notifications",
      unit: "ops",
      queries: [
        { expr: `sum by (integration) (${rate("alertmanager_notifications_total", part(it, "alertmanager"))})`, legend: "{{integration}}" },
        {
          expr: `sum by (integration) (${rate("alertmanager_notifications_failed_total", part(it, "alertmanager"))})`,
          legend: "{{integration}} failed",
        },
      ],
    },
    {
      type: "timeseries",
      title: "Memory",
      unit: "bytes",
      queries: [{ expr: `process_resident_memory_bytes{job=~${quoted(`${it.name}-.+`)}}`, legend: "{{job}}" }],
    },
  ],
});
