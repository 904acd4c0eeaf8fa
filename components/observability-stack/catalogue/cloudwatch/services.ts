import { average, averaged, formula, none, ratio, scraped, single, windowOf } from "./formula.ts";
import { answered, decided } from "./labels.ts";
import type { Translate, Translations } from "./model.ts";

const errors =
  (metric: string, statistic: "Sum" | "SampleCount", labels: Readonly<Record<string, string>> = {}): Translate =>
  (alert, it, places) => {
    const of = scraped(places, it, labels);
    const figures = { failed: of(metric, statistic, answered("5xx")), all: of(metric, statistic) };
    return { alarms: [formula(alert, figures, { expression: "FILL(failed, 0) / all" })] };
  };

/** What the client libraries tell of a process. */
const processTranslations: Translations = {
  ProcessRestarts: (alert, it, places) => ({
    alarms: [
      formula(
        alert,
        { start: scraped(places, it)("process_start_time_seconds", "Maximum") },
        // A later start than the one before, in three of 15 minutes.
        { expression: "DIFF(start)", when: ">", threshold: 0, periodSeconds: 60, periods: windowOf(alert) / 60, datapoints: 3 },
      ),
    ],
    coarser: "over all replicas together",
  }),
  ProcessCpuHigh: (alert, it, places) => ({
    alarms: [formula(alert, { cpu: scraped(places, it)("process_cpu_seconds_total", "Maximum") }, { expression: `cpu / ${places.scrapeSeconds}` })],
  }),
  ProcessFilesNearLimit: ratio("process_open_fds", "process_max_fds", ["Maximum", "Minimum"]),
};

export const serviceTranslations: Translations = {
  ServiceErrorsHigh: errors("http_requests_total", "Sum"),
  ServiceErrors: errors("http_requests_total", "Sum"),
  ServiceLatencyHigh: average("http_request_duration_seconds"),
  ...processTranslations,
};

export const opaTranslations: Translations = {
  OpaErrorsHigh: errors("http_request_duration_seconds", "SampleCount", decided),
  OpaLatencyHigh: (alert, it, places) => ({
    alarms: [formula(alert, { time: scraped(places, it, decided)("http_request_duration_seconds", "Average") })],
    coarser: averaged,
  }),
  OpaPluginNotReady: (alert, it, places) => {
    const of = scraped(places, it);
    const states = ["NOT_READY", "ERROR", "WARN"];
    const figures = Object.fromEntries(states.map((status) => [status.toLowerCase(), of("plugin_status_gauge", "Maximum", { status })]));
    const expression = `MAX([${Object.keys(figures)
      .map((id) => `FILL(${id}, 0)`)
      .join(", ")}])`;
    return { alarms: [formula(alert, figures, { expression })] };
  },
  OpaBundleFails: (alert, it, places) => ({
    alarms: [
      formula(
        alert,
        { failed: scraped(places, it)("bundle_failed_load_counter", "Sum") },
        { when: ">", threshold: 0, periodSeconds: windowOf(alert), periods: 1 },
      ),
    ],
    coarser: "not the first one after a start: a counter that is there only from its first event on has no growth yet",
  }),
  OpaMemoryNearLimit: (_, it) => ({
    existing: [`${it.metrics?.from.summary.workload ?? it.name}-memory`],
    coarser: "of the memory of the task, at 95 %",
  }),
};

export const bridgeTranslations: Translations = {
  BridgeDisconnected: single("bridge_connected", "Minimum"),
  BridgeStuck: (alert, it, places) => {
    const of = scraped(places, it);
    const figures = {
      pending: of("bridge_pending_messages", "Maximum"),
      taken: of("bridge_ack_pending_messages", "Maximum"),
      handled: of("bridge_messages_total", "Sum"),
      retried: of("bridge_messages_total", "Sum", { outcome: "retried" }),
    };
    const expression = "IF(FILL(pending, 0) + FILL(taken, 0) > 0 AND FILL(handled, 0) - FILL(retried, 0) <= 0, 1, 0)";
    return { alarms: [formula(alert, figures, { expression, when: ">", threshold: 0, periodSeconds: windowOf(alert), periods: 2 })] };
  },
  BridgeFallsBehind: (alert, it, places) => {
    const figures = { pending: scraped(places, it)("bridge_pending_messages", "Maximum") };
    const threshold = Number(/> (\d+) and/.exec(alert.expr)?.[1]);
    const expression = "IF(DIFF(pending) > 0, pending, 0)";
    return { alarms: [formula(alert, figures, { expression, when: ">", threshold, periodSeconds: windowOf(alert), periods: 1 })] };
  },
  BridgeStartsSlow: average("bridge_start_seconds"),
  BridgeRetriesHigh: (alert, it, places) => {
    const of = scraped(places, it);
    const figures = { retried: of("bridge_messages_total", "Sum", { outcome: "retried" }), all: of("bridge_messages_total", "Sum") };
    return { alarms: [formula(alert, figures, { expression: "retried / all" })] };
  },
  BridgeDeadLetters: single("bridge_messages_total", "Sum", { outcome: "dead" }),
  BridgeUnroutable: single("bridge_messages_total", "Sum", { outcome: "unroutable" }),
  ...processTranslations,
};

const notNginx = "no nginx is there: the gateway is a load balancer of AWS, and what it tells is in GatewayErrorsHigh and GatewayLatencyHigh";

const ofGateway =
  (figures: readonly (readonly [id: string, metric: string, statistic: string])[], expression?: string): Translate =>
  (alert, it, places) => {
    const dimensions = places.told(it.name);
    if (!("LoadBalancer" in dimensions)) return { none: "the gateway told of no load balancer" };
    const balancer = { LoadBalancer: dimensions.LoadBalancer ?? "" };
    const entries = figures.map(([id, metric, statistic]) => [id, { namespace: "AWS/ApplicationELB", metric, dimensions: balancer, statistic }]);
    return { alarms: [formula(alert, Object.fromEntries(entries), expression ? { expression } : {})] };
  };

export const gatewayTranslations: Translations = {
  GatewayUnreachable: none(notNginx),
  GatewayDropsConnections: none(notNginx),
  GatewayRequestsHang: none(notNginx),
  GatewayErrorsHigh: ofGateway(
    [
      ["targets", "HTTPCode_Target_5XX_Count", "Sum"],
      ["own", "HTTPCode_ELB_5XX_Count", "Sum"],
      ["all", "RequestCount", "Sum"],
    ],
    "(FILL(targets, 0) + FILL(own, 0)) / all",
  ),
  GatewayLatencyHigh: ofGateway([["time", "TargetResponseTime", "p99"]]),
};
