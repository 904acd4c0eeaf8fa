import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, quantile, rate, series, share } from "../promql.ts";
import { processAlerts } from "./process.ts";

export const appServiceRecordings = (it: Observed): readonly Recording[] => [
  { record: "job:http_requests:rate5m", expr: `sum by (job) (${rate("http_requests_total", it)})` },
  {
    record: "job:http_errors:ratio_rate5m",
    expr: share(`sum by (job) (${rate("http_requests_total", it, 'code=~"5.."')})`, series("job:http_requests:rate5m", it)),
  },
  { record: "job:http_request_seconds:p50_5m", expr: quantile(0.5, "http_request_duration_seconds", it) },
  { record: "job:http_request_seconds:p95_5m", expr: quantile(0.95, "http_request_duration_seconds", it) },
  { record: "job:http_request_seconds:p99_5m", expr: quantile(0.99, "http_request_duration_seconds", it) },
];

export const appServiceAlerts = (it: Observed): readonly AlertRule[] => {
  const errors = series("job:http_errors:ratio_rate5m", it);
  const description = "{{ $value | humanizePercentage }} of the requests are answered with 5xx.";
  const remedy = "Look at the log and the traces on the dashboard. If it began with an update, go back to the version before.";
  return [
    {
      name: "ServiceErrorsHigh",
      expr: `${errors} > 0.05`,
      forSeconds: minutes(5),
      severity: "critical",
      summary: `${it.name} fails many requests`,
      description,
      meaning: "One request in twenty fails: users see it.",
      threshold: "5 % for five minutes: with a goal of 99.9 % a day, the errors allowed for a month are gone within 15 hours.",
      remedy,
    },
    {
      name: "ServiceErrors",
      expr: `${errors} > 0.01`,
      forSeconds: minutes(15),
      severity: "warning",
      summary: `${it.name} fails requests`,
      description,
      meaning: "Some requests fail, for longer than a restart explains.",
      threshold: "1 % for a quarter of an hour: ten times what a goal of 99.9 % allows.",
      remedy,
    },
    {
      name: "ServiceLatencyHigh",
      expr: `${series("job:http_request_seconds:p95_5m", it)} > 1`,
      forSeconds: minutes(10),
      severity: "warning",
      summary: `${it.name} answers slowly`,
      description: "The slowest 5 % of the requests take {{ $value | humanizeDuration }} or more.",
      meaning: "One user in twenty waits longer than is pleasant.",
      threshold:
        "One second at the 95th percentile: from there on people notice that they wait. Services that call models take longer: silence it for them.",
      remedy: "The traces on the dashboard show where the time goes.",
    },
    ...processAlerts(it),
  ];
};
