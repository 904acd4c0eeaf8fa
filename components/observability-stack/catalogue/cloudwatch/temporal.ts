import type { Observed } from "../../../../src/core/observed.ts";
import type { Alert } from "../model.ts";
import { aboutOf, averaged, firstLimitOf, formula, scraped, windowOf } from "./formula.ts";
import type { OnAws, Places, Translations } from "./model.ts";

const frontend = { service_name: "frontend" };
/** What clients and workers wait for, as in the catalogue; polls wait for work, and would hide it. */
const shortCalls = [
  "StartWorkflowExecution",
  "SignalWorkflowExecution",
  "SignalWithStartWorkflowExecution",
  "RespondWorkflowTaskCompleted",
  "RespondActivityTaskCompleted",
];
const labels = { namespace: "namespace" };
const ended = ["success", "failed", "timeout", "cancel", "terminate"];

const parts = (alert: Alert, it: Observed, places: Places, part: string, whole: string, of: Readonly<Record<string, string>> = {}): OnAws => {
  const figure = scraped(places, it, of);
  return { alarms: [formula(alert, { part: figure(part, "Sum"), whole: figure(whole, "Sum") }, { expression: "part / whole" })] };
};

export const temporalTranslations: Translations = {
  TemporalErrorsHigh: (alert, it, places) => parts(alert, it, places, "service_errors", "service_requests", frontend),
  TemporalLatencyHigh: (alert, it, places) => {
    const of = scraped(places, it, frontend);
    const figures = Object.fromEntries(shortCalls.map((operation, index) => [`m${index}`, of("service_latency", "Average", { operation })]));
    // What nobody calls has no figure.
    const expression = `MAX([${Object.keys(figures)
      .map((id) => `FILL(${id}, 0)`)
      .join(", ")}])`;
    return { alarms: [formula(alert, figures, { expression })], coarser: averaged };
  },
  TemporalResourceExhausted: (alert, it, places) => ({
    alarms: [formula(alert, { refused: scraped(places, it)("service_errors_resource_exhausted", "Sum") })],
  }),
  TemporalPersistenceErrorsHigh: (alert, it, places) => parts(alert, it, places, "persistence_errors", "persistence_requests"),
  TemporalPersistenceSlow: (alert, it, places) => ({
    alarms: [formula(alert, { latency: scraped(places, it)("persistence_latency", "Average") })],
    coarser: averaged,
  }),
  TemporalTasksLost: (alert, it, places) => ({
    alarms: [
      formula(alert, { lost: scraped(places, it)("dlq_writes", "Sum") }, { when: ">", threshold: 0, periodSeconds: windowOf(alert), periods: 1 }),
    ],
    coarser: "not the first one after a start: a counter that is there only from its first event on has no growth yet",
  }),
  TemporalBacklogOld: (alert, it, places) => ({
    alarms: [formula(alert, { age: scraped(places, it, aboutOf(alert, labels))("approximate_backlog_age_seconds", "Maximum") })],
  }),
  TemporalNoWorkers: (alert, it, places) => ({
    alarms: [formula(alert, { tasks: scraped(places, it, aboutOf(alert, labels))("no_poller_tasks", "Sum") })],
  }),
  TemporalScheduleToStartHigh: (alert, it, places) => ({
    alarms: [formula(alert, { wait: scraped(places, it, aboutOf(alert, labels))("task_schedule_to_start_latency", "Average") })],
    coarser: averaged,
  }),
  TemporalWorkflowsFail: (alert, it, places) => {
    const of = scraped(places, it, aboutOf(alert, labels));
    const figures = Object.fromEntries(ended.map((outcome) => [outcome, of(`workflow_${outcome}`, "Sum")]));
    const sum = (ids: readonly string[]) => ids.map((id) => `FILL(${id}, 0)`).join(" + ");
    const expression = `(${sum(["failed", "timeout"])}) / (${sum(ended)})`;
    return { alarms: [formula(alert, figures, { ...firstLimitOf(alert), expression })] };
  },
};
