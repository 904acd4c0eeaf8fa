import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { factsOf, minutes, quoted, rate, series, share } from "../promql.ts";

export const meshKind = "Mesh";

/** The mesh between the components, as one more of them: what their sidecars tell is one job. Not `<stack>-<part>`: sidecars are no parts of the stack. */
export const meshJob = (stack: string) => `mesh-of-${stack}`;
export const meshObserved = (stack: string, permissive: readonly string[] = []): Observed => ({
  kind: meshKind,
  name: meshJob(stack),
  replicas: 1,
  facts: { permissive },
});

/** Of those that are declared to take plain text nobody needs to be told that they do. */
const undeclared = (it: Observed): readonly string[] => {
  const declared = factsOf(it, "permissive");
  return declared.length > 0 ? [`destination_workload!~${quoted(declared.join("|"))}`] : [];
};
/** Calls of gRPC wait for work for a minute and more: their time tells nothing. */
const answers = 'request_protocol!="grpc"';

/** Each call is told twice. The side that answers knows times and identities; only the one that asks knows what never arrived. */
export const answered = 'reporter="destination"';
const asked = 'reporter="source"';
const plain = 'connection_security_policy!="mutual_tls"';
const by = "job, destination_workload";

export const meshRecordings = (it: Observed): readonly Recording[] => [
  { record: "job_workload:istio_requests:rate5m", expr: `sum by (${by}) (${rate("istio_requests_total", it, answered)})` },
  {
    record: "job_workload:istio_errors:ratio_rate5m",
    expr: share(
      `sum by (${by}) (${rate("istio_requests_total", it, answered, 'response_code=~"5.."')})`,
      `sum by (${by}) (${rate("istio_requests_total", it, answered)})`,
    ),
  },
  {
    record: "job_workload:istio_request_seconds:p99_5m",
    expr: `histogram_quantile(0.99, sum by (${by}, le) (${rate("istio_request_duration_milliseconds_bucket", it, answered, answers)})) / 1000`,
  },
  {
    record: "job_workload:istio_plain:rate5m",
    expr: ["istio_requests_total", "istio_tcp_connections_opened_total"]
      .map((metric) => `sum by (${by}) (${rate(metric, it, answered, plain, ...undeclared(it))})`)
      .join(" or "),
  },
];

export const meshAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "MeshUnseen",
    expr: `absent(up{job=${quoted(it.name)}} == 1)`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `no sidecar tells what goes through ${it.name}`,
    description: "There are no figures of any sidecar: no alert about the mesh can fire.",
    meaning: "Prometheus reaches no sidecar on port 15090: none is injected, or a policy is in between.",
    threshold: "Ten minutes: a fresh stack has its first figures within one.",
    remedy:
      "`kubectl get pods` must show two containers in each pod, one of them `istio-proxy`; if not, the namespace lacks its label or pods are older than it.",
  },
  {
    name: "MeshErrorsHigh",
    expr: `${series("job_workload:istio_errors:ratio_rate5m", it)} > 0.05`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `calls fail in ${it.name}`,
    description: "{{ $value | humanizePercentage }} of the calls to {{ $labels.destination_workload }} end with 5xx.",
    meaning: "Those who call it get errors, whether it serves figures of its own or not.",
    threshold: "5 % for five minutes: retries hide a few errors, not one in twenty.",
    remedy: "The dashboard shows who calls; the log of the workload has the reason.",
  },
  {
    name: "MeshLatencyHigh",
    expr: `${series("job_workload:istio_request_seconds:p99_5m", it)} > 2.5`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `calls are slow in ${it.name}`,
    description: "The slowest 1 % of the calls to {{ $labels.destination_workload }} take {{ $value | humanizeDuration }} or more.",
    meaning: "Measured by the sidecar of the workload that answers: its own time, without that of the network.",
    threshold:
      "2.5 seconds at the 99th percentile, a bound of the histogram: people wait no longer. Calls of gRPC do not count: some wait for work by design.",
    remedy: "Look at what the workload itself waits for, and whether its CPU is at its limit.",
  },
  {
    name: "MeshUnreachable",
    expr: `sum by (job, destination_service_name) (${rate("istio_requests_total", it, asked, 'response_flags=~".*(UF|UH|UO|URX).*"')}) > 0.1`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `calls do not arrive in ${it.name}`,
    description: "{{ $value | humanize }} calls a second to {{ $labels.destination_service_name }} never arrive.",
    meaning: "No healthy replica, a connection that is refused, or more waiting calls than the pool allows. Only the side that calls sees them.",
    threshold: "One in ten seconds for five minutes: a rolling update loses a few at most.",
    remedy: "Are its pods ready? Does a binding lead there? Without one the mesh refuses the call. Else raise the limits of the pool.",
  },
  {
    name: "MeshPlainText",
    expr: `${series("job_workload:istio_plain:rate5m", it)} > 0`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `plain text is taken in ${it.name}`,
    description: "{{ $labels.destination_workload }} takes {{ $value | humanize }} calls or connections a second that are not mutual TLS.",
    meaning: "STRICT refuses plain text, so somebody has weakened it for this workload past what the stack declares, and who calls is not known.",
    threshold: "Any for five minutes: with STRICT there are none.",
    remedy: "`kubectl get peerauthentication --all-namespaces` shows what weakens it; take it away, or declare the exception.",
  },
  {
    name: "MeshEjects",
    expr: `max by (job, cluster_name) (${series("envoy_cluster_outlier_detection_ejections_active", it)}) > 0`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `a replica is kept out of ${it.name}`,
    description: "{{ $value }} replicas behind {{ $labels.cluster_name }} are ejected since they fail.",
    meaning: "Calls go to fewer replicas than there are. Told only by sidecars that are asked to count it (`proxyStatsMatcher`).",
    threshold: "Ten minutes: an ejection lasts 30 seconds at first, so this is one that is ejected again and again.",
    remedy: "The replica answers its probes and fails its calls: read its log, delete the pod.",
  },
];
