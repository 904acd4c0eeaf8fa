import type { Observed } from "../../../src/core/observed.ts";
import type { AlertRule } from "./model.ts";
import { aliveOf, expectedOf, hours, isProbed, minutes, series } from "./promql.ts";

/** Seconds after which a daily backup is late: a day, and two hours for a slow one. */
const backupSeconds = hours(26);

/** What is asked of every component that serves figures, or tells where its health is. */
export function commonAlerts(it: Observed): readonly AlertRule[] {
  const up = aliveOf(it);
  if (up === undefined) return [];
  const who = it.exporter ? `the exporter of ${it.name}` : it.name;
  return [
    {
      name: "ComponentDown",
      expr: `sum by (job) (${up}) == 0`,
      forSeconds: minutes(1),
      severity: "critical",
      summary: `${it.name} is down`,
      description: isProbed(it) ? `Nothing of ${who} is well by its own health check.` : `Nothing of ${who} answers its scrapes.`,
      meaning:
        "No replica answers when it is asked for its figures; for a system with an exporter, the exporter does not. One that serves no figures is asked for its health instead: no replica says that it is well.",
      threshold: "One minute is four missed scrapes at 15 seconds: longer than a restart takes, shorter than somebody takes to call.",
      remedy: "`npx groundplan verify` shows what fails; `docker logs <container>` has the reason. `npx groundplan up` starts again what ended.",
    },
    {
      name: "ComponentUnseen",
      expr: `absent(${up})`,
      forSeconds: minutes(10),
      severity: "warning",
      summary: `${it.name} is not scraped`,
      description: `There are no figures of ${who} at all: none of its other alerts can fire.`,
      meaning: "Prometheus has no target for the component, so that all its other alerts are silent. That is not the same as being well.",
      threshold: "Ten minutes: a fresh stack has its first figures within one.",
      remedy: "Look at the targets in Prometheus (Status, Targets) and at its log; `npx groundplan up` writes them again.",
    },
    {
      name: "ScrapesFail",
      expr: `changes(${up}[15m]) > 3`,
      forSeconds: 0,
      severity: "warning",
      summary: `scrapes of ${it.name} fail now and then`,
      description: "Scrapes of {{ $labels.instance }} began to fail or to work again {{ $value }} times in 15 minutes.",
      meaning: "The target answers, but not always: it restarts, is overloaded, or answers slower than the scrape may take.",
      threshold: "More than three changes are two gaps or more; a restart or an update is one.",
      remedy: "Compare `scrape_duration_seconds` with the scrape timeout; look for restarts and for a CPU at its limit.",
    },
    ...(expectedOf(it) > 1 && !it.exporter ? [replicasMissing(it, up)] : []),
  ];
}

const replicasMissing = (it: Observed, up: string): AlertRule => ({
  name: "ReplicasMissing",
  expr: `sum by (job) (${up}) < ${expectedOf(it)} and sum by (job) (${up}) > 0`,
  forSeconds: minutes(5),
  severity: "warning",
  summary: `${it.name} runs with fewer replicas than planned`,
  description: `Only {{ $value }} of ${expectedOf(it)} replicas of ${it.name} answer.`,
  meaning: "The component still serves, with less room and less safety than the plan gives it.",
  threshold: "Five minutes: longer than a rolling update of one replica.",
  remedy: "`docker ps --all` shows the replica that is missing; its log has the reason. `npx groundplan up` brings it back.",
});

/** A component that keeps data is silent here until something reports its backups. */
export const backupAlert = (it: Observed): AlertRule => ({
  name: "BackupTooOld",
  expr: `time() - max by (job) (${series("groundplan_backup_last_success_timestamp_seconds", it)}) > ${backupSeconds}`,
  forSeconds: 0,
  severity: "warning",
  summary: `the last good backup of ${it.name} is too old`,
  description: "The last good backup was {{ $value | humanizeDuration }} ago.",
  meaning:
    "Whoever makes backups reports the time of the last good one as `groundplan_backup_last_success_timestamp_seconds` with the component as `job`. While nothing reports backups, the alert cannot fire: its silence is no proof of a backup.",
  threshold: "26 hours: a backup a day, and two hours for a slow one.",
  remedy: "Look at the last run of the backup and start one by hand; the README of the component says how.",
});
