import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, quantile, rate, series, share } from "../promql.ts";

const nginxRecordings = (it: Observed): readonly Recording[] => [
  { record: "job:nginx_http_requests:rate5m", expr: `sum by (job) (${rate("nginx_http_requests_total", it)})` },
  {
    record: "job:nginx_connections_dropped:rate5m",
    expr: `sum by (job) (${rate("nginx_connections_accepted", it)}) - sum by (job) (${rate("nginx_connections_handled", it)})`,
  },
];

/** The server's own page knows no status codes and no times: those are in its log, and in the figures of the services behind it. */
const nginxAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "GatewayUnreachable",
    expr: `${series("nginx_up", it)} == 0`,
    forSeconds: minutes(1),
    severity: "critical",
    summary: `${it.name} does not answer its exporter`,
    description: `The exporter of ${it.name} runs, and nginx does not answer on its status page.`,
    meaning: "Nobody gets in from outside.",
    threshold: "One minute: a reload takes no time, a restart a second.",
    remedy: "`docker logs` of the gateway has the line of the configuration that it refuses.",
  },
  {
    name: "GatewayDropsConnections",
    expr: `${series("job:nginx_connections_dropped:rate5m", it)} > 0.01`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `${it.name} drops connections`,
    description: "{{ $value | humanize }} connections a second are accepted and closed at once.",
    meaning: "`worker_connections` is reached: new clients are cut off.",
    threshold: "Any for five minutes; the hundredth allows for two counters that are not read at the same moment.",
    remedy: "Raise `worker_connections`; look for upstreams that hang, since each open request holds two connections.",
  },
  {
    name: "GatewayRequestsHang",
    expr: `sum by (job) (${series("nginx_connections_writing", it)}) > 10 and sum by (job) (${series("nginx_connections_writing", it)}) > 30 * ${series("job:nginx_http_requests:rate5m", it)}`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `requests hang in ${it.name}`,
    description: "{{ $value | humanize }} requests are being answered at once, more than come in within 30 seconds.",
    meaning: "An upstream answers slowly or not at all. Websockets count too: a service of many of them rings here.",
    threshold: "More open requests than 30 seconds bring, and at least ten: on average each takes longer than half a minute.",
    remedy: "Look at the services behind it; shorten the timeout of the route.",
  },
];

/** What a proxy of Istio tells of its own calls: how they ended, also when no service was reached. */
export const passedOn = 'reporter="source"';

const proxyRecordings = (it: Observed): readonly Recording[] => [
  { record: "job:gateway_requests:rate5m", expr: `sum by (job) (${rate("istio_requests_total", it, passedOn)})` },
  {
    record: "job:gateway_errors:ratio_rate5m",
    expr: share(
      `sum by (job) (${rate("istio_requests_total", it, passedOn, 'response_code=~"5.."')})`,
      `sum by (job) (${rate("istio_requests_total", it, passedOn)})`,
    ),
  },
  {
    record: "job:gateway_request_seconds:p99_5m",
    expr: `${quantile(0.99, "istio_request_duration_milliseconds", it, ["job"], passedOn)} / 1000`,
  },
];

const proxyAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "GatewayErrorsHigh",
    expr: `${series("job:gateway_errors:ratio_rate5m", it)} > 0.05`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `${it.name} answers with errors`,
    description: "{{ $value | humanizePercentage }} of the requests from outside end with 5xx.",
    meaning: "People outside see errors: a service fails, or none is reached.",
    threshold: "5 % for five minutes: retries hide a few errors, not one in twenty.",
    remedy: "The dashboard shows which service; 503 with a flag in the log of the gateway means that none was reached.",
  },
  {
    name: "GatewayLatencyHigh",
    expr: `${series("job:gateway_request_seconds:p99_5m", it)} > 2.5`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} answers slowly`,
    description: "The slowest 1 % of the requests from outside take {{ $value | humanizeDuration }} or more.",
    meaning: "Measured at the gateway: the service, the network, and tries on other replicas together.",
    threshold: "2.5 seconds at the 99th percentile, a bound of the histogram: people wait no longer. Websockets count with their whole time.",
    remedy: "Look at the services behind it.",
  },
];

/** By who serves it: nginx beside its exporter, or a proxy of Istio with figures of its own. */
export const served =
  <T>(nginx: (it: Observed) => readonly T[], proxy: (it: Observed) => readonly T[]) =>
  (it: Observed): readonly T[] =>
    it.exporter ? nginx(it) : it.metrics ? proxy(it) : [];

export const gatewayRecordings = served(nginxRecordings, proxyRecordings);
export const gatewayAlerts = served(nginxAlerts, proxyAlerts);
