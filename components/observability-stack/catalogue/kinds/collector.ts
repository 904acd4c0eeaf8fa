import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, rate, series } from "../promql.ts";
import { part } from "./parts.ts";

/** What the collector calls the three signals in the names of its counters. */
const signals = { traces: "spans", logs: "log_records", metrics: "metric_points" };

/** One series for each signal: the counters differ by name only, and `rate` takes the name away. */
const perSignal = (record: string, it: Observed, counter: string, by: string): readonly Recording[] =>
  Object.entries(signals).map(([signal, items]) => ({
    record,
    expr: `sum by (job, ${by}) (${rate(`otelcol_${counter}_${items}`, it)})`,
    labels: { signal },
  }));

export function collectorRecordings(stack: Observed): readonly Recording[] {
  const it = part(stack, "collector");
  return [
    ...perSignal("job_receiver:otelcol_accepted:rate5m", it, "receiver_accepted", "receiver"),
    ...perSignal("job_receiver:otelcol_refused:rate5m", it, "receiver_refused", "receiver"),
    ...perSignal("job_exporter:otelcol_sent:rate5m", it, "exporter_sent", "exporter"),
    ...perSignal("job_exporter:otelcol_send_failed:rate5m", it, "exporter_send_failed", "exporter"),
    ...perSignal("job_exporter:otelcol_enqueue_failed:rate5m", it, "exporter_enqueue_failed", "exporter"),
  ];
}

export function collectorAlerts(stack: Observed): readonly AlertRule[] {
  const it = part(stack, "collector");
  return [
    {
      name: "CollectorRefuses",
      expr: `${series("job_receiver:otelcol_refused:rate5m", it)} > 0`,
      forSeconds: minutes(5),
      severity: "warning",
      summary: `the collector of ${stack.name} refuses what it is sent`,
      description: "{{ $value | humanize }} {{ $labels.signal }} items a second are refused at {{ $labels.receiver }}.",
      meaning: "It is short of memory, and says so to the senders; those try again for a while, and then drop.",
      threshold: "Any, for five minutes.",
      remedy: "Look at its queues: a store that does not take what it sends fills them. Else raise its memory.",
    },
    {
      name: "CollectorDrops",
      expr: `${series("job_exporter:otelcol_send_failed:rate5m", it)} > 0 or ${series("job_exporter:otelcol_enqueue_failed:rate5m", it)} > 0`,
      forSeconds: minutes(5),
      severity: "critical",
      summary: `the collector of ${stack.name} loses ${"{{ $labels.signal }}"}`,
      description: "{{ $value | humanize }} {{ $labels.signal }} items a second are lost on the way to {{ $labels.exporter }}.",
      meaning: "The store behind the exporter is away, refuses what it gets, or the queue in front of it is full.",
      threshold: "Any, for five minutes: what is tried again with success does not count.",
      remedy: "The collector's log has the answer of the store.",
    },
    {
      name: "CollectorQueueHigh",
      expr: `${series("otelcol_exporter_queue_size", it)} / (${series("otelcol_exporter_queue_capacity", it)} > 0) > 0.8`,
      forSeconds: minutes(5),
      severity: "warning",
      summary: `a queue of the collector of ${stack.name} fills up`,
      description: "The queue to {{ $labels.exporter }} is {{ $value | humanizePercentage }} full.",
      meaning: "The store takes less than comes in; when the queue is full, data is lost.",
      threshold: "80 %.",
      remedy: "Look at the store; raise the number of consumers of the queue if it is only slow.",
    },
  ];
}
