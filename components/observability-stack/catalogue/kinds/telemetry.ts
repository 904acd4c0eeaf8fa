import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, quoted } from "../promql.ts";
import { collectorAlerts, collectorRecordings } from "./collector.ts";
import { storeAlerts, storeRecordings } from "./stores.ts";

export const selfKind = "ObservabilityStack";

/** The stack itself, as one more component; its parts are scraped as `<name>-<part>`. */
export const selfObserved = (selfName: string): Observed => ({ kind: selfKind, name: selfName, replicas: 1, facts: {} });

export const telemetryRecordings = (it: Observed): readonly Recording[] => [...collectorRecordings(it), ...storeRecordings(it)];

export const telemetryAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "Watchdog",
    expr: "vector(1)",
    forSeconds: 0,
    severity: "none",
    summary: `alerts of ${it.name} work`,
    description: "This alert always fires. If it does not, no other alert does.",
    meaning:
      "Not a fault: a heartbeat. No receiver gets it; whoever watches from outside (a dead man's switch) asks Prometheus for it, at `/api/v1/alerts`.",
    threshold: "Always true.",
    remedy: "If it is missing: look at Prometheus, and whether it has loaded its rules.",
  },
  {
    name: "TelemetryPartDown",
    expr: `up{job=~${quoted(`${it.name}-.+`)}} == 0`,
    forSeconds: minutes(2),
    severity: "critical",
    summary: `a part of ${it.name} is down`,
    description: "{{ $labels.job }} does not answer its scrapes.",
    meaning: "Figures, logs or traces are being lost, or alerts are not sent.",
    threshold: "Two minutes: Loki is not ready before 17 seconds after a start.",
    remedy: "`npx groundplan verify` shows what fails; the log of the part has the reason.",
  },
  ...collectorAlerts(it),
  ...storeAlerts(it),
];
