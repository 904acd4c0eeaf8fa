import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { minutes, quantile, rate, series } from "../promql.ts";
import { processAlerts } from "./process.ts";

export const bridgeRecordings = (it: Observed): readonly Recording[] => [
  { record: "job_outcome:bridge_messages:rate5m", expr: `sum by (job, outcome) (${rate("bridge_messages_total", it)})` },
  {
    record: "job:bridge_retried:ratio_rate5m",
    expr: `sum by (job) (${series("job_outcome:bridge_messages:rate5m", it, 'outcome="retried"')}) / (sum by (job) (${series("job_outcome:bridge_messages:rate5m", it)}) > 0)`,
  },
  { record: "job:bridge_start_seconds:p95_5m", expr: quantile(0.95, "bridge_start_seconds", it) },
  // Every replica asks the same consumer.
  { record: "job:bridge_pending_messages:max", expr: `max by (job) (${series("bridge_pending_messages", it)})` },
];

const became = (it: Observed, outcome: string) => `sum by (job) (increase(${series("bridge_messages_total", it, `outcome="${outcome}"`)}[15m])) > 0`;

export const bridgeAlerts = (it: Observed): readonly AlertRule[] => [...flowAlerts(it), ...lostAlerts(it), ...processAlerts(it)];

const flowAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "BridgeDisconnected",
    expr: `${series("bridge_connected", it)} == 0`,
    forSeconds: minutes(2),
    severity: "critical",
    summary: `${it.name} has lost one of its ends`,
    description: "{{ $labels.instance }} has no connection to {{ $labels.to }}.",
    meaning: "No workflow is started by it; messages wait in the stream and are not lost.",
    threshold: "Two minutes: longer than a restart of either end.",
    remedy: "Look at the other end first. The bridge connects again by itself.",
  },
  {
    name: "BridgeStuck",
    expr: `(${series("job:bridge_pending_messages:max", it)} + max by (job) (${series("bridge_ack_pending_messages", it)})) > 0 and sum by (job) (increase(${series("bridge_messages_total", it, 'outcome!="retried"')}[10m])) == 0`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `${it.name} does not get on with the messages that wait`,
    description: "{{ $value | humanize }} messages wait, and none was dealt with for ten minutes.",
    meaning: "Starts fail, or the bridge does not pull.",
    threshold: "Ten minutes in which no message is started, known already or given up, and five more: longer than the longest backoff.",
    remedy: "Its log says why starts fail; look at Temporal, at the namespace and at the name of the workflow type.",
  },
  {
    name: "BridgeFallsBehind",
    expr: `${series("job:bridge_pending_messages:max", it)} > 1000 and deriv(${series("job:bridge_pending_messages:max", it)}[15m]) > 0`,
    forSeconds: minutes(15),
    severity: "warning",
    summary: `${it.name} falls behind`,
    description: "{{ $value | humanize }} messages wait, and they become more.",
    meaning: "More events come in than workflows are started.",
    threshold: "1,000 waiting, and still growing for a quarter of an hour: a burst that is being worked off is silent.",
    remedy: "Look at the time that a start takes; add replicas, or let each take more at a time.",
  },
  {
    name: "BridgeStartsSlow",
    expr: `${series("job:bridge_start_seconds:p95_5m", it)} > 2`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} needs long to start workflows`,
    description: "The slowest 5 % of the starts take {{ $value | humanizeDuration }} or more.",
    meaning: "Temporal answers slowly.",
    threshold: "Two seconds at the 95th percentile; a start is one write to Temporal's database, usually below 0.1.",
    remedy: "Look at the dashboard of the Temporal server, persistence first.",
  },
  {
    name: "BridgeRetriesHigh",
    expr: `${series("job:bridge_retried:ratio_rate5m", it)} > 0.1`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} tries many messages again`,
    description: "{{ $value | humanizePercentage }} of what it handles is put off.",
    meaning: "Starts fail for now; each message is tried again with growing pauses, and becomes a dead letter in the end.",
    threshold: "10 % for ten minutes: a restart of Temporal is shorter.",
    remedy: "Its log has the errors of Temporal.",
  },
];

const lostAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "BridgeDeadLetters",
    expr: became(it, "dead"),
    forSeconds: 0,
    severity: "warning",
    summary: `${it.name} gave up on messages`,
    description: "{{ $value | humanize }} messages became dead letters within 15 minutes.",
    meaning: "No workflow was started for them: what the bridge was told to read is broken, or starts failed as often as they may.",
    threshold: "Any: each one is an event that nothing will happen for unless somebody looks.",
    remedy: "The headers of the messages in the dead letter stream have the reason. Mend it, then publish them again.",
  },
  {
    name: "BridgeUnroutable",
    expr: became(it, "unroutable"),
    forSeconds: 0,
    severity: "warning",
    summary: `${it.name} gets messages that no route is for`,
    description: "{{ $value | humanize }} messages matched no route within 15 minutes.",
    meaning: "Somebody publishes on a subject that the plan does not know.",
    threshold: "Any: a publisher and the routes do not agree.",
    remedy: "The headers in the dead letter stream have the subject: add a route, or correct the publisher.",
  },
];
