import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, rate, series } from "../promql.ts";

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

/** Of nginx alone: about a gateway that a mesh serves, `up` and the figures of the mesh tell. */
const ofNginx =
  <T>(rules: (it: Observed) => readonly T[]) =>
  (it: Observed): readonly T[] =>
    it.exporter ? rules(it) : [];

export const gatewayRecordings = ofNginx(nginxRecordings);
export const gatewayAlerts = ofNginx(nginxAlerts);
