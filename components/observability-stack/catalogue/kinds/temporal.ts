import type { Observed } from "../../../../src/core/observed.ts";
import type { AlertRule, Recording } from "../model.ts";
import { factsOf, grew, minutes, quantile, quoted, rate, series, share } from "../promql.ts";

const frontend = 'service_name="frontend"';
/** What clients and workers wait for; polls wait for work, and would hide it. */
const short =
  'operation=~"StartWorkflowExecution|SignalWorkflowExecution|SignalWithStartWorkflowExecution|RespondWorkflowTaskCompleted|RespondActivityTaskCompleted"';

const ratio = (it: Observed, errors: string, all: string, ...more: string[]) =>
  share(`sum by (job) (${rate(errors, it, ...more)})`, `sum by (job) (${rate(all, it, ...more)})`);

export const temporalRecordings = (it: Observed): readonly Recording[] => [
  { record: "job:temporal_requests:rate5m", expr: `sum by (job) (${rate("service_requests", it, frontend)})` },
  { record: "job:temporal_errors:ratio_rate5m", expr: ratio(it, "service_errors", "service_requests", frontend) },
  { record: "job:temporal_latency_seconds:p99_5m", expr: quantile(0.99, "service_latency", it, ["job"], frontend, short) },
  { record: "job:temporal_persistence_errors:ratio_rate5m", expr: ratio(it, "persistence_errors", "persistence_requests") },
  { record: "job:temporal_persistence_latency_seconds:p95_5m", expr: quantile(0.95, "persistence_latency", it) },
  {
    record: "job_namespace:temporal_schedule_to_start_seconds:p95_5m",
    expr: quantile(0.95, "task_schedule_to_start_latency", it, ["job", "namespace"]),
  },
  {
    record: "job_taskqueue:temporal_backlog_age_seconds:max",
    expr: `max by (job, namespace, taskqueue) (${series("approximate_backlog_age_seconds", it, 'taskqueue!~"temporal_sys.*"')})`,
  },
  ...["success", "failed", "timeout", "cancel", "terminate"].map((outcome) => ({
    record: "job_namespace:temporal_workflows_ended:rate5m",
    expr: `sum by (job, namespace) (${rate(`workflow_${outcome}`, it)})`,
    labels: { outcome },
  })),
];

export const temporalAlerts = (it: Observed): readonly AlertRule[] => [
  ...requestAlerts(it),
  ...persistenceAlerts(it),
  {
    name: "TemporalTasksLost",
    expr: grew("dlq_writes", it, "15m"),
    forSeconds: 0,
    severity: "warning",
    summary: `${it.name} put internal tasks into its dead letter queue`,
    description: "{{ $value | humanize }} tasks within 15 minutes.",
    meaning: "The history service gave up on tasks that can never succeed: the workflows they belong to do not go on.",
    threshold: "Any.",
    remedy: "`tdbg dlq list` and `tdbg dlq read` show them; after an upgrade they can be merged back.",
  },
  ...factsOf(it, "namespaces").flatMap((namespace) => namespaceAlerts(it, namespace)),
];

const requestAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "TemporalErrorsHigh",
    expr: `${series("job:temporal_errors:ratio_rate5m", it)} > 0.01`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `${it.name} answers with errors`,
    description: "{{ $value | humanizePercentage }} of the requests to the frontend fail unexpectedly.",
    meaning: "The server fails; errors that clients cause (not found, already started) are not counted here.",
    threshold: "1 % for five minutes: a change of leadership among shards is shorter.",
    remedy: "Look at the errors by operation on the dashboard and at persistence: the database is the usual reason.",
  },
  {
    name: "TemporalLatencyHigh",
    expr: `${series("job:temporal_latency_seconds:p99_5m", it)} > 1`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `${it.name} answers slowly`,
    description: "The slowest 1 % of starts, signals and completions take {{ $value | humanizeDuration }} or more.",
    meaning: "Starting and going on with workflows is slow. Polls are not counted: they wait for work.",
    threshold: "One second at the 99th percentile; clients give up and try again after ten.",
    remedy: "Look at the latency of persistence first, then at CPU; the number of history shards cannot be raised later.",
  },
  {
    name: "TemporalResourceExhausted",
    expr: `sum by (job, resource_exhausted_cause) (${rate("service_errors_resource_exhausted", it)}) > 0`,
    forSeconds: minutes(5),
    severity: "warning",
    summary: `${it.name} turns requests away`,
    description: "{{ $value | humanize }} requests a second are refused: {{ $labels.resource_exhausted_cause }}.",
    meaning: "A limit on requests, on polls, or on persistence is reached; clients slow down and try again.",
    threshold: "Any, for five minutes: short bursts are meant to be cut.",
    remedy: "The cause names the limit; raise it in the dynamic configuration if the database has room.",
  },
];

const persistenceAlerts = (it: Observed): readonly AlertRule[] => [
  {
    name: "TemporalPersistenceErrorsHigh",
    expr: `${series("job:temporal_persistence_errors:ratio_rate5m", it)} > 0.01`,
    forSeconds: minutes(5),
    severity: "critical",
    summary: `${it.name} cannot read or write its database`,
    description: "{{ $value | humanizePercentage }} of the calls to the database fail.",
    meaning: "Without its database the server can do nothing.",
    threshold: "1 % for five minutes.",
    remedy: "Look at the database: connections, disk, locks.",
  },
  {
    name: "TemporalPersistenceSlow",
    expr: `${series("job:temporal_persistence_latency_seconds:p95_5m", it)} > 0.5`,
    forSeconds: minutes(10),
    severity: "warning",
    summary: `the database of ${it.name} is slow`,
    description: "The slowest 5 % of calls to the database take {{ $value | humanizeDuration }} or more.",
    meaning: "Each step of a workflow is several writes: the latency adds up.",
    threshold: "Half a second at the 95th percentile; a healthy PostgreSQL is below 0.1.",
    remedy: "Look at the dashboard of the database: CPU, cache misses, long transactions.",
  },
];

function namespaceAlerts(it: Observed, namespace: string): readonly AlertRule[] {
  const within = `namespace=${quoted(namespace)}`;
  const about = { namespace };
  const ended = (...more: string[]) => `sum by (job, namespace) (${series("job_namespace:temporal_workflows_ended:rate5m", it, within, ...more)})`;
  return [
    {
      name: "TemporalBacklogOld",
      expr: `${series("job_taskqueue:temporal_backlog_age_seconds:max", it, within)} > 60`,
      forSeconds: minutes(5),
      severity: "warning",
      about,
      summary: `tasks of namespace ${namespace} in ${it.name} wait for workers`,
      description: "The oldest task of queue {{ $labels.taskqueue }} has waited for {{ $value | humanizeDuration }}.",
      meaning: "Workers take tasks slower than they come, or do not take them at all.",
      threshold: "A minute: with workers at hand, tasks are handed over in milliseconds without being stored.",
      remedy: "Add workers, or let each take more at a time; look whether they poll this queue.",
    },
    {
      name: "TemporalNoWorkers",
      expr: `sum by (job, taskqueue) (${rate("no_poller_tasks", it, within, 'taskqueue!~"temporal_sys.*"')}) > 0`,
      forSeconds: minutes(5),
      severity: "critical",
      about,
      summary: `nobody works on a queue of namespace ${namespace} in ${it.name}`,
      description: "Tasks come into queue {{ $labels.taskqueue }}, and no worker has polled it lately.",
      meaning: "Workers are away, or poll a queue of another name.",
      threshold: "Five minutes: longer than a restart of all workers.",
      remedy: "`temporal task-queue describe` shows who polls; look at the workers' logs and at the name of their queue.",
    },
    {
      name: "TemporalScheduleToStartHigh",
      expr: `${series("job_namespace:temporal_schedule_to_start_seconds:p95_5m", it, within)} > 5`,
      forSeconds: minutes(10),
      severity: "warning",
      about,
      summary: `tasks of namespace ${namespace} in ${it.name} start late`,
      description: "The slowest 5 % of tasks wait {{ $value | humanizeDuration }} or more before a worker takes them.",
      meaning: "Workers are too few, or all of their slots are taken.",
      threshold: "Five seconds at the 95th percentile: with free slots it is below 0.1.",
      remedy: "Add workers or slots; look for activities that hold slots while they wait.",
    },
    {
      name: "TemporalWorkflowsFail",
      expr: `${ended('outcome=~"failed|timeout"')} / (${ended()} > 0) > 0.1`,
      forSeconds: minutes(10),
      severity: "warning",
      about,
      summary: `workflows of namespace ${namespace} in ${it.name} fail`,
      description: "{{ $value | humanizePercentage }} of the workflows that ended have failed or timed out.",
      meaning: "Workflows end without their result.",
      threshold: "10 % for ten minutes; what is usual depends on the workflows.",
      remedy: "`temporal workflow list --query 'ExecutionStatus=\"Failed\"'` names them; their history has the error.",
    },
  ];
}
