import type { Observed } from "../../../../src/core/observed.ts";
import type { Section, Stat } from "../model.ts";
import { rate, series } from "../promql.ts";
import { processSection } from "./process.ts";

export const appServiceStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Requests", unit: "reqps", query: series("job:http_requests:rate5m", it) },
  { type: "stat", title: "Errors", unit: "percentunit", query: series("job:http_errors:ratio_rate5m", it), good: { below: 0.01 } },
];

export const appServiceSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Requests by answer",
        unit: "reqps",
        queries: [{ expr: `sum by (code) (${rate("http_requests_total", it)})`, legend: "{{code}}" }],
      },
      {
        type: "timeseries",
        title: "Errors",
        unit: "percentunit",
        queries: [{ expr: series("job:http_errors:ratio_rate5m", it), legend: "5xx" }],
        limits: [0.01, 0.05],
      },
      {
        type: "timeseries",
        title: "Time of a request",
        unit: "s",
        queries: ["p50", "p95", "p99"].map((q) => ({ expr: series(`job:http_request_seconds:${q}_5m`, it), legend: q })),
        limits: [0.5, 1],
      },
      {
        type: "timeseries",
        title: "Requests by method",
        unit: "reqps",
        queries: [{ expr: `sum by (method) (${rate("http_requests_total", it)})`, legend: "{{method}}" }],
      },
    ],
  },
  processSection(it),
];
