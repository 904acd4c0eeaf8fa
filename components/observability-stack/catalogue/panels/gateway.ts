import type { Observed } from "../../../../src/core/observed.ts";
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

export const gatewayStats = (it: Observed): readonly Stat[] => (it.exporter ? nginxStats(it) : []);
export const gatewaySections = (it: Observed): readonly Section[] => (it.exporter ? nginxSections(it) : []);
