import type { Observed } from "../../../../src/core/observed.ts";
import type { Section } from "../model.ts";
import { rate, series } from "../promql.ts";

/** What the client libraries of Prometheus tell about a process. */
export const processSection = (it: Observed): Section => ({
  title: "Process",
  panels: [
    { type: "timeseries", title: "Cores used", unit: "short", queries: [{ expr: rate("process_cpu_seconds_total", it), legend: "{{instance}}" }] },
    {
      type: "timeseries",
      title: "Memory",
      unit: "bytes",
      queries: [{ expr: series("process_resident_memory_bytes", it), legend: "{{instance}}" }],
    },
    {
      type: "timeseries",
      title: "File descriptors",
      unit: "short",
      queries: [{ expr: series("process_open_fds", it), legend: "{{instance}}" }],
    },
    {
      type: "timeseries",
      title: "Starts within 15 minutes",
      unit: "short",
      queries: [{ expr: `changes(${series("process_start_time_seconds", it)}[15m])`, legend: "{{instance}}" }],
    },
  ],
});
