import type { Observed } from "../../../../src/core/observed.ts";
import { answered } from "../kinds/mesh.ts";
import type { Section, Stat } from "../model.ts";
import { rate, series } from "../promql.ts";

const requests = (it: Observed, ...more: readonly string[]) => rate("istio_requests_total", it, answered, ...more);

export const meshStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Calls", unit: "reqps", query: `sum(${series("job_workload:istio_requests:rate5m", it)})` },
  {
    type: "stat",
    title: "Plain text",
    unit: "reqps",
    query: `sum(${series("job_workload:istio_plain:rate5m", it)}) or vector(0)`,
    good: { below: 0.001 },
  },
];

export const meshSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Calls by server",
        unit: "reqps",
        queries: [{ expr: series("job_workload:istio_requests:rate5m", it), legend: "{{destination_workload}}" }],
      },
      {
        type: "timeseries",
        title: "Errors by server",
        unit: "percentunit",
        description: "Answers with 5xx.",
        queries: [{ expr: series("job_workload:istio_errors:ratio_rate5m", it), legend: "{{destination_workload}}" }],
        limits: [0.01, 0.05],
      },
      {
        type: "timeseries",
        title: "Time of the slowest 1 %",
        unit: "s",
        queries: [{ expr: series("job_workload:istio_request_seconds:p99_5m", it), legend: "{{destination_workload}}" }],
        limits: [1, 2.5],
      },
      {
        type: "timeseries",
        title: "Connections by server",
        unit: "cps",
        description: "Of protocols that the mesh does not read: databases, message buses.",
        queries: [
          {
            expr: `sum by (destination_workload) (${rate("istio_tcp_connections_opened_total", it, answered)})`,
            legend: "{{destination_workload}}",
          },
        ],
      },
    ],
  },
  {
    title: "Who calls whom",
    panels: [
      {
        type: "timeseries",
        title: "Calls by pair",
        unit: "reqps",
        description: "The gateway is one of those who call.",
        queries: [
          {
            expr: `sum by (source_workload, destination_workload) (${requests(it)})`,
            legend: "{{source_workload}} to {{destination_workload}}",
          },
        ],
      },
      {
        type: "timeseries",
        title: "Errors by pair",
        unit: "reqps",
        queries: [
          {
            expr: `sum by (source_workload, destination_workload, response_code) (${requests(it, 'response_code=~"5.."')})`,
            legend: "{{source_workload}} to {{destination_workload}}: {{response_code}}",
          },
        ],
      },
      {
        type: "timeseries",
        title: "Mutual TLS",
        unit: "percentunit",
        description: "Share of the calls; all of them, where STRICT holds.",
        queries: [
          {
            expr: `sum by (destination_workload) (${requests(it, 'connection_security_policy="mutual_tls"')}) / sum by (destination_workload) (${requests(it)})`,
            legend: "{{destination_workload}}",
          },
        ],
      },
      {
        type: "timeseries",
        title: "Ejected replicas",
        unit: "short",
        description: "Told only by sidecars that are asked to count them.",
        queries: [{ expr: `max by (cluster_name) (${series("envoy_cluster_outlier_detection_ejections_active", it)})`, legend: "{{cluster_name}}" }],
      },
    ],
  },
];
