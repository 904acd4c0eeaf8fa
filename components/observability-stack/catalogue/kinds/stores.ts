import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, quantile, rate, series, share } from "../promql.ts";
import { part } from "./parts.ts";

export function storeRecordings(stack: Observed): readonly Recording[] {
  const loki = part(stack, "loki");
  const requests = "loki_request_duration_seconds_count";
  return [
    {
      record: "job:loki_errors:ratio_rate5m",
      expr: share(`sum by (job) (${rate(requests, loki, 'status_code=~"5.."')})`, `sum by (job) (${rate(requests, loki)})`),
    },
    { record: "job_route:loki_request_seconds:p99_5m", expr: quantile(0.99, "loki_request_duration_seconds", loki, ["job", "route"]) },
  ];
}

export const storeAlerts = (stack: Observed): readonly AlertRule[] => [
  ...prometheusAlerts(stack, part(stack, "prometheus")),
  ...notifyAlerts(stack, part(stack, "prometheus"), part(stack, "alertmanager")),
  ...lokiAlerts(stack, part(stack, "loki")),
  {
    name: "TempoDiscards",
    expr: `sum by (job, reason) (${rate("tempo_discarded_spans_total", part(stack, "tempo"))}) > 0`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `Tempo of ${stack.name} throws spans away`,
    description: "{{ $value | humanize }} spans a second are discarded: {{ $labels.reason }}.",
    meaning: "A limit is reached: size of a trace, rate, or number of live traces.",
    threshold: "Any, for five minutes.",
    remedy: "The reason names the limit; raise it under `overrides`, or sample at the collector.",
  },
];

const prometheusAlerts = (stack: Observed, it: Observed): readonly AlertRule[] => [
  {
    name: "PrometheusConfigRefused",
    expr: `${series("prometheus_config_last_reload_successful", it)} == 0`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `Prometheus of ${stack.name} refused its new configuration`,
    description: "It goes on with the one it had before.",
    meaning: "New targets and rules are not seen.",
    threshold: "Five minutes: a reload that comes between two writes is made good by the next.",
    remedy: "`promtool check config` on the file names the line.",
  },
  {
    name: "PrometheusRulesFail",
    expr: `increase(${series("prometheus_rule_evaluation_failures_total", it)}[10m]) > 0`,
    forSeconds: 0,
    severity: "critical",
    summary: `rules of ${stack.name} cannot be evaluated`,
    description: "{{ $value | humanize }} failures in {{ $labels.rule_group }} within 10 minutes.",
    meaning: "The alerts of that group may be silent although they should fire.",
    threshold: "Any: a query that fails does so each time.",
    remedy: "The page of rules in Prometheus shows the error of each.",
  },
  {
    name: "PrometheusStorageFails",
    expr: `increase(${series("prometheus_tsdb_compactions_failed_total", it)}[3h]) > 0 or increase(${series("prometheus_tsdb_wal_corruptions_total", it)}[3h]) > 0 or increase(${series("prometheus_tsdb_wal_writes_failed_total", it)}[3h]) > 0`,
    forSeconds: 0,
    severity: "critical",
    summary: `Prometheus of ${stack.name} cannot write its data`,
    description: "Compaction or the write-ahead log failed {{ $value | humanize }} times within 3 hours.",
    meaning: "The disk is full or broken; figures are being lost.",
    threshold: "Any within three hours: compactions run every two.",
    remedy: "Look at the room on its volume; lower its retention.",
  },
];

const notifyAlerts = (stack: Observed, prometheus: Observed, alertmanager: Observed): readonly AlertRule[] => [
  {
    name: "AlertsNotSent",
    expr: `${rate("prometheus_notifications_errors_total", prometheus)} > 0 or ${rate("prometheus_notifications_dropped_total", prometheus)} > 0`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `alerts of ${stack.name} do not reach Alertmanager`,
    description: "{{ $value | humanize }} alerts a second are not taken by {{ $labels.alertmanager }}.",
    meaning: "Alerts fire and nobody is told. This one will not arrive either: it shows in Prometheus and on the dashboards only.",
    threshold: "Any, for five minutes: a restart of Alertmanager is shorter.",
    remedy: "Look whether Alertmanager runs, and at the log of Prometheus.",
  },
  {
    name: "AlertmanagerMissing",
    expr: `${series("prometheus_notifications_alertmanagers_discovered", prometheus)} == 0 and on () ${series("up", alertmanager)}`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `Prometheus of ${stack.name} knows no Alertmanager`,
    description: "Alertmanager is part of the stack, and Prometheus has no address of one.",
    meaning: "Alerts fire and nobody is told. A stack without receivers has no Alertmanager, and this alert is silent there.",
    threshold: "Five minutes after a start.",
    remedy: "Look at `alerting` in the configuration of Prometheus.",
  },
  {
    name: "AlertReceiverFails",
    expr: `sum by (job, integration) (${rate("alertmanager_notifications_failed_total", alertmanager)}) > 0`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `a receiver of alerts of ${stack.name} fails`,
    description: "{{ $value | humanize }} notifications a second fail by {{ $labels.integration }}.",
    meaning: "Somebody is not told what they should be.",
    threshold: "Any, for five minutes: Alertmanager tries again by itself.",
    remedy: "Its log has the answer of the receiver: a wrong address, a password that has changed, a limit.",
  },
  {
    name: "AlertmanagerConfigRefused",
    expr: `${series("alertmanager_config_last_reload_successful", alertmanager)} == 0`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `Alertmanager of ${stack.name} refused its new configuration`,
    description: "It goes on with the one it had before.",
    meaning: "New receivers and routes are not used.",
    threshold: "Five minutes: a reload that comes between two writes is made good by the next.",
    remedy: "`amtool check-config` on the file names the line.",
  },
];

const lokiAlerts = (stack: Observed, it: Observed): readonly AlertRule[] => [
  {
    name: "LokiErrorsHigh",
    expr: `${series("job:loki_errors:ratio_rate5m", it)} > 0.05`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `Loki of ${stack.name} answers with errors`,
    description: "{{ $value | humanizePercentage }} of its requests fail.",
    meaning: "Logs are not taken, or cannot be read.",
    threshold: "5 % for five minutes: after a start it answers 503 for some seconds.",
    remedy: "Its log has the reason; look at the room on its volume.",
  },
  {
    name: "LokiDiscards",
    expr: `sum by (job, reason) (${rate("loki_discarded_samples_total", it)}) > 0`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `Loki of ${stack.name} throws lines away`,
    description: "{{ $value | humanize }} lines a second are discarded: {{ $labels.reason }}.",
    meaning: "A limit is reached: rate, length of a line, age, or number of streams.",
    threshold: "Any, for five minutes.",
    remedy: "The reason names the limit; raise it under `limits_config`, or make the sender quieter.",
  },
  {
    name: "LokiDiskHigh",
    expr: `${series("loki_ingester_wal_disk_usage_percent", it)} > 0.85`,
    forSeconds: minutes(15),
    severity: "critical",
    summary: `the disk of Loki of ${stack.name} is almost full`,
    description: "{{ $value | humanizePercentage }} of the disk under its volume is used.",
    meaning: "Logs will not be taken; on Docker the disk is that of the machine, and everything else on it stops too.",
    threshold: "85 %; the figure is a share from 0 to 1, whatever its name says.",
    remedy: "`docker system df` shows what takes the room; lower the retention of logs.",
  },
];
