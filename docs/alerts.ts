import { backupAlert, commonAlerts } from "../components/observability-stack/catalogue/common.ts";
import { type Alert, alertsOf, selfObserved } from "../components/observability-stack/catalogue/index.ts";
import { everyComponent } from "./every-component.ts";

const heading = `# Alerts

Generated from \`components/observability-stack/catalogue\` by \`npm run docs:alerts\`; do not edit.

ObservabilityStack writes these rules for each component that it observes; the annotation \`runbook\` of an alert names its section here. **critical** asks somebody to come now, **warning** wants a look today, **info** is only shown, and **none** is the heartbeat. A component that serves no figures is asked for its health: of it there are the alerts that every component has, over \`probe_success\` instead of \`up\`, and no others. Of a gateway that nginx serves no alert tells of answers with 5xx: its exporter has no status codes, and the dashboard counts them from the log; of one that a proxy of Istio serves \`GatewayErrorsHigh\` does. Each alert is tested with \`promtool\`, firing and not firing.

The examples below are from a stack with one component of each class: \`db\`, \`cache\`, \`bus\`, and so on; the stack itself is \`telemetry\`.
`;

/** The text of docs/alerts.md: a section for each alert, under the classes that have it. */
export function alertsText(): string {
  const alerts = alertsOf([...everyComponent, selfObserved("telemetry")]);
  const byName = Map.groupBy(alerts, ({ name }) => name);
  const byKinds = Map.groupBy(byName.values(), (same) => titleOf(same));
  const chapters = [...byKinds].sort(([one], [other]) => order(one) - order(other)).map(([title, sections]) => chapter(title, sections));
  return `${[heading, ...chapters].join("\n")}`;
}

const everyClass = "Every component";
const order = (title: string) => (title === everyClass ? 0 : 1);

const scraped = everyComponent.filter(({ metrics, exporter }) => metrics ?? exporter);
const shared = new Set(scraped.flatMap((it) => [...commonAlerts(it), backupAlert(it)]).map(({ name }) => name));

const titleOf = (same: readonly Alert[]) =>
  same.some(({ name }) => shared.has(name)) ? everyClass : [...new Set(same.map(({ kind }) => kind))].join(", ");

const chapter = (title: string, sections: readonly (readonly Alert[])[]) => [`## ${title}\n`, ...sections.map(section)].join("\n");

function section(same: readonly Alert[]): string {
  const [first] = same;
  if (!first) return "";
  const { name, severity, forSeconds, meaning, threshold, remedy, expr } = first;
  const after = forSeconds === 0 ? "at once" : `after ${duration(forSeconds)}`;
  return `### ${name}

**${severity}**, ${after}

- Meaning: ${meaning}
- Threshold: ${threshold}
- What to do: ${remedy}

\`\`\`promql
${expr}
\`\`\`
`;
}

function duration(seconds: number): string {
  const [count, unit] = seconds % 3600 === 0 ? [seconds / 3600, "hour"] : [seconds / 60, "minute"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

if (import.meta.main) process.stdout.write(alertsText());
