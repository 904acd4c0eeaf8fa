import { partsOf } from "../../part.ts";
import { formula, none, scraped } from "./formula.ts";
import type { Translate, Translations } from "./model.ts";

const signals = ["spans", "log_records", "metric_points"];

/** Growth of the counters of the collector and of the scraper, one for each signal. */
const counted =
  (...counters: readonly string[]): Translate =>
  (alert, it, places) => ({
    alarms: collectors(it.name).map((name) => {
      const of = scraped(places, { name });
      const metrics = counters.flatMap((counter) => signals.map((signal) => `otelcol_${counter}_${signal}`));
      const figures = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, of(metric, "Sum")]));
      const expression = Object.keys(figures)
        .map((id) => `FILL(${id}, 0)`)
        .join(" + ");
      return formula(alert, figures, { key: name, expression, when: ">", threshold: 0 });
    }),
  });

const collectors = (stack: string) => [partsOf(stack).collector, partsOf(stack).scraper];

const noPart = (part: string) => none(`${part} is no part of a stack on AWS`);
const rulesRun = none("CloudWatch evaluates alarms and keeps figures; with aws.prometheus the workspace has this rule, and a log of its own");

export const stackTranslations: Translations = {
  Watchdog: none("CloudWatch itself runs the alarms; with aws.prometheus the workspace has this rule"),
  TelemetryPartDown: (_, it) => ({ existing: collectors(it.name).map((part) => `${part}-tasks`), coarser: "after ten minutes" }),
  CollectorRefuses: counted("receiver_refused"),
  CollectorDrops: counted("exporter_send_failed", "exporter_enqueue_failed"),
  CollectorQueueHigh: (alert, it, places) => ({
    alarms: collectors(it.name).map((name) => {
      const of = scraped(places, { name });
      const figures = { used: of("otelcol_exporter_queue_size", "Maximum"), most: of("otelcol_exporter_queue_capacity", "Minimum") };
      return formula(alert, figures, { key: name, expression: "IF(most > 0, used / most, 0)" });
    }),
  }),
  PrometheusConfigRefused: rulesRun,
  PrometheusRulesFail: rulesRun,
  PrometheusStorageFails: rulesRun,
  AlertsNotSent: noPart("Alertmanager"),
  AlertmanagerMissing: noPart("Alertmanager"),
  AlertReceiverFails: noPart("Alertmanager"),
  AlertmanagerConfigRefused: noPart("Alertmanager"),
  LokiErrorsHigh: noPart("Loki"),
  LokiDiscards: noPart("Loki"),
  LokiDiskHigh: noPart("Loki"),
  TempoDiscards: noPart("Tempo"),
};

const noSidecar = none(
  "no sidecars of Istio are there; of the proxies of Service Connect each service has an alarm on answers with 5xx (`<service>-errors-<port>`)",
);

export const meshTranslations: Translations = Object.fromEntries(
  ["MeshUnseen", "MeshErrorsHigh", "MeshLatencyHigh", "MeshUnreachable", "MeshPlainText", "MeshEjects"].map((name) => [name, noSidecar]),
);
