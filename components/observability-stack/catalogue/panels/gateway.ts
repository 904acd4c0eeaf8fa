import type { Observed } from "../../../../src/core/observed.ts";
import { passedOn, served } from "../kinds/gateway.ts";
import type { Section, Stat } from "../model.ts";
import { quoted, rate, series } from "../promql.ts";

const nginxStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Requests", unit: "reqps", query: series("job:nginx_http_requests:rate5m", it) },
  { type: "stat", title: "Connections", unit: "short", query: `sum(${series("nginx_connections_active", it)})` },
];

/** The page that the exporter asks has no status codes: they are in the log, one line for each request. */
const failed = (it: Observed) => `{service_name=${quoted(it.name)}} | regexp ${quoted('"status":(?P<status>5[0-9]{2}),')} | status != ""`;

const nginxSections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Requests",
        unit: "reqps",
        queries: [{ expr: `sum by (instance) (${rate("nginx_http_requests_total", it)})`, legend: "{{instance}}" }],
      },
      {
        type: "loggraph",
        title: "Requests answered with 5xx",
        unit: "reqps",
        queries: [{ expr: `sum by (status) (rate(${failed(it)} [$__auto]))`, legend: "{{status}}" }],
      },
      {
        type: "timeseries",
        title: "Connections dropped",
        unit: "cps",
        queries: [{ expr: series("job:nginx_connections_dropped:rate5m", it), legend: "dropped" }],
      },
      {
        type: "timeseries",
        title: "Connections by state",
        unit: "short",
        queries: ["reading", "writing", "waiting"].map((state) => ({ expr: `sum(${series(`nginx_connections_${state}`, it)})`, legend: state })),
      },
      {
        type: "timeseries",
        title: "New connections",
        unit: "cps",
        queries: [{ expr: `sum(${rate("nginx_connections_accepted", it)})`, legend: "accepted" }],
      },
    ],
  },
];

const proxyStats = (it: Observed): readonly Stat[] => [
  { type: "stat", title: "Requests", unit: "reqps", query: series("job:gateway_requests:rate5m", it) },
  { type: "stat", title: "Errors", unit: "percentunit", query: series("job:gateway_errors:ratio_rate5m", it), good: { below: 0.01 } },
];

const proxySections = (it: Observed): readonly Section[] => [
  {
    title: "Golden signals",
    panels: [
      {
        type: "timeseries",
        title: "Requests by answer",
        unit: "reqps",
        queries: [{ expr: `sum by (response_code) (${rate("istio_requests_total", it, passedOn)})`, legend: "{{response_code}}" }],
      },
      {
        type: "timeseries",
        title: "Errors",
        unit: "percentunit",
        description: "Answers with 5xx, those of the gateway itself included.",
        queries: [{ expr: series("job:gateway_errors:ratio_rate5m", it), legend: "5xx" }],
        limits: [0.01, 0.05],
      },
      {
        type: "timeseries",
        title: "Time of the slowest 1 %",
        unit: "s",
        queries: [{ expr: series("job:gateway_request_seconds:p99_5m", it), legend: "p99" }],
        limits: [1, 2.5],
      },
      {
        type: "timeseries",
        title: "Requests by service",
        unit: "reqps",
        queries: [
          {
            expr: `sum by (destination_service_name) (${rate("istio_requests_total", it, passedOn)})`,
            legend: "{{destination_service_name}}",
          },
        ],
      },
    ],
  },
];

export const gatewayStats = served(nginxStats, proxyStats);
export const gatewaySections = served(nginxSections, proxySections);
