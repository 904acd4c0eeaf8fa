import type { Observed } from "../../../src/core/observed.ts";
import { alertsAbout } from "./alerts.ts";
import { meshObserved } from "./kinds/mesh.ts";
import { selfObserved } from "./kinds/telemetry.ts";
import { kindOf } from "./kinds.ts";
import type { Alert, Recording } from "./model.ts";

export interface CatalogueOptions {
  /** Name of the stack that observes: its own parts are scraped as `<selfName>-<part>`. */
  readonly selfName: string;
  /** Store of traces; dashboards show traces of Tempo only. @default "tempo" */
  readonly traces?: "tempo" | "jaeger" | "none";
  /** The mesh that carries the calls between the components, with the workloads that are declared to take plain text, too. @default none */
  readonly mesh?: { readonly permissive: readonly string[] } | undefined;
}

/** The components, the mesh between them, and the stack itself as the last of them. */
export const withSelf = (observed: readonly Observed[], { selfName, mesh }: CatalogueOptions): readonly Observed[] => [
  ...observed,
  ...(mesh ? [meshObserved(selfName, mesh.permissive)] : []),
  selfObserved(selfName),
];

/** Text of a rules file for Prometheus: for each component its recordings and its alerts, in one group. */
export function rulesFile(observed: readonly Observed[], options: CatalogueOptions): string {
  const groups = withSelf(observed, options).flatMap(group);
  return `${["groups:", ...groups].join("\n")}\n`;
}

/** Recordings come first: the rules of a group run one after another, and alerts read what is recorded. */
function group(it: Observed): readonly string[] {
  const recordings = kindOf(it).recordings(it);
  const alerts = alertsAbout(it);
  if (recordings.length + alerts.length === 0) return [];
  return [`  - name: ${scalar(it.name)}`, "    rules:", ...recordings.flatMap(recordingLines), ...alerts.flatMap(alertLines)];
}

/** The same groups as data, for whoever takes them as an object. */
export const ruleGroups = (observed: readonly Observed[], options: CatalogueOptions): readonly object[] =>
  withSelf(observed, options).flatMap((it) => {
    const recordings = kindOf(it).recordings(it);
    const alerts = alertsAbout(it);
    if (recordings.length + alerts.length === 0) return [];
    return [{ name: it.name, rules: [...recordings, ...alerts.map(alertObject)] }];
  });

const alertObject = ({ name, expr, forSeconds, severity, component, kind, about = {}, summary, description, runbook }: Alert) => ({
  alert: name,
  expr,
  for: `${forSeconds}s`,
  labels: { severity, component, kind, ...about },
  annotations: { summary, description, runbook },
});

const recordingLines = ({ record, expr, labels = {} }: Recording): readonly string[] => [
  `      - record: ${scalar(record)}`,
  `        expr: ${scalar(expr)}`,
  ...mapLines("labels", labels),
];

const alertLines = ({ name, expr, forSeconds, severity, component, kind, about = {}, summary, description, runbook }: Alert): readonly string[] => [
  `      - alert: ${scalar(name)}`,
  `        expr: ${scalar(expr)}`,
  `        for: ${forSeconds}s`,
  ...mapLines("labels", { severity, component, kind, ...about }),
  ...mapLines("annotations", { summary, description, runbook }),
];

function mapLines(key: string, map: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(map);
  return entries.length === 0 ? [] : [`        ${key}:`, ...entries.map(([name, value]) => `          ${name}: ${scalar(value)}`)];
}

/** A string of JSON is one of YAML, whatever is in it. */
const scalar = (value: string) => JSON.stringify(value);
