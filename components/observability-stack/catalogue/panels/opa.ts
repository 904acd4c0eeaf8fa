import type { Observed } from "../../../../src/core/observed.ts";
import { decisions } from "../kinds/opa.ts";
import type { Section, Stat } from "../model.ts";
import { quantile, quoted, rate, series } from "../promql.ts";

export const opaStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Decisions", unit: "reqps", query: series("job:opa_decisions:rate5m", it) },
  { type: "stat", title: "Errors", unit: "percentunit", query: series("job:opa_errors:ratio_rate5m", it), good: { below: 0.01 } },
];

export const opaSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Decisions by answer",
        unit: "reqps",
        queries: [{ expr: `sum by (code) (${rate("http_request_duration_seconds_count", it, decisions)})`, legend: "{{code}}" }],
      },
      {
        type: "timeseries",
        title: "Errors",
        unit: "percentunit",
        queries: [{ expr: series("job:opa_errors:ratio_rate5m", it), legend: "5xx" }],
        limits: [0.005, 0.01],
      },
      {
        type: "timeseries",
        title: "Time of a decision",
        unit: "s",
        queries: [
          { expr: quantile(0.5, "http_request_duration_seconds", it, ["job"], decisions), legend: "p50" },
          { expr: series("job:opa_decision_seconds:p99_5m", it), legend: "p99" },
        ],
        limits: [0.05, 0.1],
      },
      {
        type: "timeseries",
        title: "Memory",
        unit: "bytes",
        queries: [
          {
            expr: `${series("go_memory_classes_total_bytes", it)} - ${series("go_memory_classes_heap_released_bytes", it)}`,
            legend: "{{instance}}",
          },
        ],
      },
    ],
  },
  {
    title: "Policies",
    panels: [
      {
        type: "timeseries",
        title: "Plugins",
        unit: "short",
        description: "1 where the plugin has that status; told with status.prometheus only.",
        queries: [{ expr: series("plugin_status_gauge", it), legend: "{{name}} {{status}}" }],
      },
      {
        type: "loggraph",
        title: "Decisions in the log",
        unit: "cps",
        queries: [{ expr: `sum(rate({service_name=${quoted(it.name)}} |= "Decision Log" [$__auto]))`, legend: "decisions" }],
      },
    ],
  },
];
