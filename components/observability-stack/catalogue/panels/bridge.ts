import type { Observed } from "../../../../src/core/observed.ts";
import type { Section, Stat } from "../model.ts";
import { quantile, series } from "../promql.ts";
import { processSection } from "./process.ts";

export const bridgeStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Messages wait", unit: "short", query: series("job:bridge_pending_messages:max", it), good: { below: 1000 } },
  {
    type: "stat",
    title: "Last start",
    unit: "dateTimeFromNow",
    query: `1000 * max(${series("bridge_last_started_timestamp_seconds", it)})`,
  },
];

export const bridgeSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Messages by outcome",
        unit: "ops",
        queries: [{ expr: series("job_outcome:bridge_messages:rate5m", it), legend: "{{outcome}}" }],
      },
      {
        type: "timeseries",
        title: "Tried again",
        unit: "percentunit",
        queries: [{ expr: series("job:bridge_retried:ratio_rate5m", it), legend: "retried" }],
        limits: [0.05, 0.1],
      },
      {
        type: "timeseries",
        title: "Time of a start",
        unit: "s",
        queries: [
          { expr: quantile(0.5, "bridge_start_seconds", it), legend: "p50" },
          { expr: series("job:bridge_start_seconds:p95_5m", it), legend: "p95" },
        ],
        limits: [1, 2],
      },
      {
        type: "timeseries",
        title: "Waiting and being worked on",
        unit: "short",
        queries: [
          { expr: series("job:bridge_pending_messages:max", it), legend: "waiting" },
          { expr: `max(${series("bridge_ack_pending_messages", it)})`, legend: "not acknowledged" },
        ],
      },
    ],
  },
  {
    title: "Ends",
    panels: [
      {
        type: "timeseries",
        title: "Dead letters and messages without a route",
        unit: "short",
        queries: [
          {
            expr: `sum by (outcome) (increase(${series("bridge_messages_total", it, 'outcome=~"dead|unroutable"')}[15m]))`,
            legend: "{{outcome}}",
          },
        ],
      },
      {
        type: "timeseries",
        title: "Connected",
        unit: "short",
        queries: [{ expr: `min by (to) (${series("bridge_connected", it)})`, legend: "{{to}}" }],
      },
    ],
  },
  processSection(it),
];
