import type { Observed } from "../../../src/core/observed.ts";
import type { Figure, Places } from "../catalogue/cloudwatch/model.ts";
import type { PlannedAlarm } from "./alarms.ts";
import { type Graph, graphsOf } from "./graphs.ts";

/** Columns of the grid of CloudWatch. */
const columns = 24;
const half = columns / 2;
/** Lines of a widget on the grid. */
const height = 6;

export interface DashboardParts {
  readonly region: string;
  /** Name of the stack, `groundplan-prod`. */
  readonly prefix: string;
  readonly alarms: readonly PlannedAlarm[];
  /** ARNs of all alarms about the component, those that it has by itself too. */
  readonly alarmArns: readonly string[];
  readonly errorLines: Readonly<Record<string, Figure>>;
  readonly logGroups: readonly string[];
}

type Widget = Readonly<Record<string, unknown>>;
interface Placed {
  readonly widget: Widget;
  readonly width: number;
}

/** The body of the dashboard of one component: its alarms, its golden signals, what each alarm looks at, and its log. */
export function dashboardBody(it: Observed, places: Places, parts: DashboardParts): object {
  const { region, alarms, errorLines, logGroups } = parts;
  const header = { type: "text", properties: { markdown: `# ${it.name} (${it.kind})\nStack ${parts.prefix}, observed by ${places.stack}` } };
  const seen = new Set<string>();
  // Two limits of one figure are one picture.
  const pictures = alarms.filter(({ formula }) => {
    const key = JSON.stringify([formula.figures, formula.expression]);
    return !seen.has(key) && seen.add(key);
  });
  const placed: Placed[] = [
    { widget: header, width: columns },
    ...(parts.alarmArns.length > 0 ? [{ widget: { type: "alarm", properties: { title: "Alarms", alarms: parts.alarmArns } }, width: columns }] : []),
    ...graphsOf(it, places).map((graph) => ({ widget: graphWidget(region, graph), width: half })),
    ...pictures.map((alarm) => ({ widget: alarmWidget(region, alarm), width: half })),
    ...(logGroups.length > 0
      ? [
          { widget: graphWidget(region, { title: "Lines of log that tell of an error", lines: errorLines }), width: half },
          { widget: logWidget(region, logGroups), width: columns },
        ]
      : []),
  ];
  return { widgets: flow(placed) };
}

/** From left to right, a new line where the next does not fit. */
function flow(placed: readonly Placed[]): Widget[] {
  let [x, y] = [0, 0];
  return placed.map(({ widget, width }) => {
    if (x + width > columns) [x, y] = [0, y + height];
    const at = { x, y, width, height: widget.type === "text" ? 2 : height };
    x += width;
    if (x >= columns) [x, y] = [0, y + at.height];
    return { ...at, ...widget };
  });
}

const row = ({ namespace, metric, dimensions, statistic }: Figure, options: object) => [
  namespace,
  metric,
  ...Object.entries(dimensions).flat(),
  { stat: statistic, ...options },
];

const graphWidget = (region: string, { title, lines }: Graph): Widget => ({
  type: "metric",
  properties: { title, region, view: "timeSeries", period: 60, metrics: Object.entries(lines).map(([label, figure]) => row(figure, { label })) },
});

/** What an alarm looks at, with its limit as a line. */
function alarmWidget(region: string, { alert, formula }: PlannedAlarm): Widget {
  const { figures, expression, threshold, periodSeconds, key } = formula;
  const hidden = expression === undefined ? {} : { visible: false };
  const about = [...Object.values(alert.about ?? {}), ...(key ? [key] : [])].join(" ");
  return {
    type: "metric",
    properties: {
      title: about === "" ? alert.name : `${alert.name}: ${about}`,
      region,
      view: "timeSeries",
      period: periodSeconds,
      metrics: [
        ...(expression === undefined ? [] : [[{ expression, id: "result", label: alert.name }]]),
        ...Object.entries(figures).map(([id, figure]) => row(figure, expression === undefined ? { label: alert.name } : { id, ...hidden })),
      ],
      annotations: { horizontal: [{ label: "limit", value: threshold }] },
    },
  };
}

const logWidget = (region: string, logGroups: readonly string[]): Widget => ({
  type: "log",
  properties: {
    title: "Log",
    region,
    view: "table",
    query: `${logGroups.map((group) => `SOURCE '${group}'`).join(" | ")} | fields @timestamp, @message | sort @timestamp desc | limit 100`,
  },
});
