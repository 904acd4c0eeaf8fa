import type { Observed } from "../../../../src/core/observed.ts";
import type { Section, Stat } from "../model.ts";
import { rate, series } from "../promql.ts";

const frontend = 'service_name="frontend"';

export const temporalStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Requests", unit: "reqps", query: series("job:temporal_requests:rate5m", it) },
  { type: "stat", title: "Errors", unit: "percentunit", query: series("job:temporal_errors:ratio_rate5m", it), good: { below: 0.01 } },
  {
    type: "stat",
    title: "Oldest task",
    unit: "s",
    query: `max(${series("job_taskqueue:temporal_backlog_age_seconds:max", it)})`,
    good: { below: 60 },
  },
];

export const temporalSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Requests",
        unit: "reqps",
        queries: [{ expr: `topk(8, sum by (operation) (${rate("service_requests", it, frontend)}))`, legend: "{{operation}}" }],
      },
      {
        type: "timeseries",
        title: "Errors by type",
        unit: "reqps",
        description: "All errors, those that clients cause included.",
        queries: [
          { expr: `sum by (operation, error_type) (${rate("service_error_with_type", it, frontend)})`, legend: "{{operation}} {{error_type}}" },
        ],
      },
      {
        type: "timeseries",
        title: "Latency, 99th percentile",
        unit: "s",
        description: "Starts, signals and completions; polls wait for work and are left out.",
        queries: [{ expr: series("job:temporal_latency_seconds:p99_5m", it), legend: "p99" }],
        limits: [0.5, 1],
      },
      {
        type: "timeseries",
        title: "Refused",
        unit: "reqps",
        queries: [
          {
            expr: `sum by (resource_exhausted_cause) (${rate("service_errors_resource_exhausted", it)})`,
            legend: "{{resource_exhausted_cause}}",
          },
        ],
      },
    ],
  },
  {
    title: "Workflows and queues",
    panels: [
      {
        type: "timeseries",
        title: "Workflows ended",
        unit: "ops",
        queries: [{ expr: series("job_namespace:temporal_workflows_ended:rate5m", it), legend: "{{namespace}} {{outcome}}" }],
      },
      {
        type: "timeseries",
        title: "Waiting for a worker, 95th percentile",
        unit: "s",
        queries: [{ expr: series("job_namespace:temporal_schedule_to_start_seconds:p95_5m", it), legend: "{{namespace}}" }],
        limits: [1, 5],
      },
      {
        type: "timeseries",
        title: "Oldest task of a queue",
        unit: "s",
        queries: [{ expr: series("job_taskqueue:temporal_backlog_age_seconds:max", it), legend: "{{namespace}}/{{taskqueue}}" }],
        limits: [30, 60],
      },
      {
        type: "timeseries",
        title: "Tasks that wait",
        unit: "short",
        queries: [
          {
            expr: `sum by (namespace, taskqueue) (${series("approximate_backlog_count", it, 'taskqueue!~"temporal_sys.*"')})`,
            legend: "{{namespace}}/{{taskqueue}}",
          },
        ],
      },
      {
        type: "timeseries",
        title: "Tasks without a worker",
        unit: "ops",
        queries: [
          {
            expr: `sum by (namespace, taskqueue) (${rate("no_poller_tasks", it, 'taskqueue!~"temporal_sys.*"')})`,
            legend: "{{namespace}}/{{taskqueue}}",
          },
        ],
      },
      {
        type: "timeseries",
        title: "Open connections",
        unit: "short",
        queries: [{ expr: `sum by (service_name) (${series("service_grpc_conn_active", it)})`, legend: "{{service_name}}" }],
      },
    ],
  },
  {
    title: "Database",
    panels: [
      {
        type: "timeseries",
        title: "Latency, 95th percentile",
        unit: "s",
        queries: [{ expr: series("job:temporal_persistence_latency_seconds:p95_5m", it), legend: "p95" }],
        limits: [0.1, 0.5],
      },
      {
        type: "timeseries",
        title: "Calls",
        unit: "ops",
        queries: [{ expr: `topk(8, sum by (operation) (${rate("persistence_requests", it)}))`, legend: "{{operation}}" }],
      },
      {
        type: "timeseries",
        title: "Errors",
        unit: "percentunit",
        queries: [{ expr: series("job:temporal_persistence_errors:ratio_rate5m", it), legend: "errors" }],
        limits: [0.005, 0.01],
      },
      {
        type: "timeseries",
        title: "Memory of the process",
        unit: "bytes",
        queries: [{ expr: `max by (instance) (${series("memory_heapinuse", it)})`, legend: "{{instance}}" }],
      },
    ],
  },
];
