import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { grew, minutes, quantile, rate, series, share } from "../promql.ts";

/** Questions to the policies; health, metrics and the like are not among them. */
export const decisions = 'handler=~"v1/data.*|v0/data.*|v1/compile.*|v1/query.*"';
const count = "http_request_duration_seconds_count";

export const opaRecordings = (it: Observed): readonly Recording[] => [
  { record: "job:opa_decisions:rate5m", expr: `sum by (job) (${rate(count, it, decisions)})` },
  {
    record: "job:opa_errors:ratio_rate5m",
    expr: share(`sum by (job) (${rate(count, it, decisions, 'code=~"5.."')})`, `sum by (job) (${rate(count, it, decisions)})`),
  },
  { record: "job:opa_decision_seconds:p99_5m", expr: quantile(0.99, "http_request_duration_seconds", it, ["job"], decisions) },
];

export const opaAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "OpaErrorsHigh",
    expr: `${series("job:opa_errors:ratio_rate5m", it)} > 0.01`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `${it.name} fails to decide`,
    description: "{{ $value | humanizePercentage }} of the decisions end in an error of the server.",
    meaning: "A policy fails while it is evaluated. Whoever asks gets no decision and must refuse.",
    threshold: "1 % for five minutes: a decision is a pure function, so that each error has a cause in policy or input.",
    remedy: "The decision log has the error and the input; `opa eval` with that input shows it again.",
  },
  {
    name: "OpaLatencyHigh",
    expr: `${series("job:opa_decision_seconds:p99_5m", it)} > 0.1`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} decides slowly`,
    description: "The slowest 1 % of the decisions take {{ $value | humanizeDuration }} or more.",
    meaning: "Whoever asks waits for it on each request.",
    threshold:
      "0.1 seconds at the 99th percentile; a decision on data in memory takes about a millisecond. The server's own buckets are no finer here.",
    remedy: "`opa eval --profile` names the slow rule. Look for loops over data that an index would find.",
  },
  {
    name: "OpaPluginNotReady",
    expr: `${series("plugin_status_gauge", it, 'status!="OK"')} == 1`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `a plugin of ${it.name} is not ready`,
    description: "Plugin {{ $labels.name }} is {{ $labels.status }}.",
    meaning: "Bundles, decision logs or status do not work; decisions go on with what is loaded. Told only with `status.prometheus`.",
    threshold: "Five minutes: plugins are ready within seconds after a start.",
    remedy: "The server's log has the reason.",
  },
  {
    name: "OpaBundleFails",
    expr: grew("bundle_failed_load_counter", it, "15m"),
    forSeconds: 0,
    severity: "critical",
    summary: `${it.name} cannot load its policies`,
    description: "Bundle {{ $labels.name }} failed to load {{ $value | humanize }} times within 15 minutes.",
    meaning: "It decides by the policies it had before, or by none. Told only for bundles from a server, with `status.prometheus`.",
    threshold: "Any: a bundle that does not compile never will.",
    remedy: "`opa check` and `opa test` on the folder of the policies.",
  },
  {
    name: "OpaMemoryNearLimit",
    expr: `(${series("go_memory_classes_total_bytes", it)} - ${series("go_memory_classes_heap_released_bytes", it)}) / ${series("go_gc_gomemlimit_bytes", it)} > 0.9`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} is short of memory`,
    description: "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of GOMEMLIMIT.",
    meaning: "The garbage collector works all the time, and the container is about to be killed. Without GOMEMLIMIT it never fires.",
    threshold: "90 % of GOMEMLIMIT, which is itself below the limit of the container.",
    remedy: "Data in memory takes about 20 times its size as JSON: load less, or raise `memoryMiB`.",
  },
];
