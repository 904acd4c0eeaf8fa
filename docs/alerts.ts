import { translate } from "../components/observability-stack/catalogue/cloudwatch/index.ts";
import type { Formula, Places } from "../components/observability-stack/catalogue/cloudwatch/model.ts";
import { backupAlert, commonAlerts } from "../components/observability-stack/catalogue/common.ts";
import { type Alert, alertsOf, selfObserved } from "../components/observability-stack/catalogue/index.ts";
import { everyComponent } from "./every-component.ts";

const heading = `# Alerts

Generated from \`components/observability-stack/catalogue\` by \`npm run docs:alerts\`; do not edit.

ObservabilityStack writes these rules for each component that it observes; the annotation \`runbook\` of an alert names its section here. **critical** asks somebody to come now, **warning** wants a look today, **info** is only shown (on AWS it has an alarm where a receiver asks for \`severity: info\`, and is a graph elsewhere), and **none** is the heartbeat. A component that serves no figures is asked for its health: of it there are the alerts that every component has, over \`probe_success\` instead of \`up\`, and no others. Of a gateway that nginx serves no alert tells of answers with 5xx: its exporter has no status codes, and the dashboard counts them from the log; of one that a proxy of Istio or a load balancer of AWS serves \`GatewayErrorsHigh\` does. Each alert is tested with \`promtool\`, firing and not firing.

**On AWS** each of them is an alarm of CloudWatch with the same limit, is there already as an alarm of the component itself, or has a reason why there is none. Alarms on what is scraped ask for figures of the namespace \`<prefix>/<stack>\` with the dimension \`component\`. With \`aws.prometheus\` a workspace of Prometheus has all of these rules as they stand, and tells what CloudWatch cannot.

The examples below are from a stack with one component of each class: \`db\`, \`cache\`, \`bus\`, and so on; the stack itself is \`telemetry\`.
`;

const everything = [...everyComponent, selfObserved("telemetry")];

/** The text of docs/alerts.md: a section for each alert, under the classes that have it. */
export function alertsText(): string {
  const alerts = alertsOf(everything);
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
- On AWS: ${onAws(first)}

\`\`\`promql
${expr}
\`\`\`
`;
}

const names: Places = {
  namespace: "<prefix>/telemetry",
  cluster: "<prefix>",
  scrapeSeconds: 30,
  stack: "telemetry",
  service: (workload) => `<prefix>-${workload}`,
  database: (part) => `<prefix>-${part}`,
  told: () => ({ LoadBalancer: "app/<prefix>-gateway/0123456789abcdef" }),
};

/** What becomes of the alert on AWS, with the first of its alarms as the example. */
function onAws(alert: Alert): string {
  const it = everything.find(({ name }) => name === alert.component);
  const found = it && translate(alert, it, names);
  if (!found) return "";
  if ("none" in found) return `none: ${found.none}.`;
  const what =
    "existing" in found ? `alarm ${found.existing.map((name) => `\`${name}\``).join(", ")} of the component` : formulaText(found.alarms[0]);
  return `${what}${found.coarser ? `; ${found.coarser}` : ""}.`;
}

function formulaText(formula: Formula | undefined): string {
  if (!formula) return "";
  const { figures, expression, when, threshold, periods, periodSeconds, datapoints, missing } = formula;
  const asked = Object.entries(figures).map(([id, { metric, statistic, dimensions }]) => {
    const labels = Object.entries(dimensions).map(([name, value]) => `${name}=${String(value)}`);
    return `${expression ? `${id} = ` : ""}${statistic} of ${metric}{${labels.join(", ")}}`;
  });
  const time = `${datapoints ?? periods} of ${periods} periods of ${duration(periodSeconds)}`;
  return `\`${expression ?? asked[0]} ${when} ${threshold}\`${expression ? ` with \`${asked.join("`, `")}\`` : ""} in ${time}${missing === "breaching" ? ", and when there is no figure" : ""}`;
}

function duration(seconds: number): string {
  const [count, unit] = seconds % 3600 === 0 ? [seconds / 3600, "hour"] : [seconds / 60, "minute"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

if (import.meta.main) process.stdout.write(alertsText());
