import { type Datasource, datasources } from "./datasources.ts";
import type { Graph, LogGraph, Logs, Panel, Query, Stat, Traces, Unit } from "./model.ts";

/** Version of the classic JSON that Grafana 13 writes; older ones are converted when they are loaded. */
const schemaVersion = 42;

export type Json = Readonly<Record<string, unknown>>;

export interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface DashboardParts {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Json[];
  /** Data sources that its panels ask. */
  readonly asks: readonly Datasource[];
  readonly links: readonly Json[];
}

export const dashboard = ({ uid, title, tags, panels, asks, links }: DashboardParts): Json => ({
  uid,
  title,
  tags,
  schemaVersion,
  editable: false,
  graphTooltip: 1,
  refresh: "30s",
  time: { from: "now-1h", to: "now" },
  timezone: "",
  annotations: { list: [] },
  templating: { list: asks.map(variable) },
  links,
  panels,
});

const titles: Readonly<Record<Datasource, string>> = { prometheus: "Prometheus", loki: "Loki", tempo: "Tempo" };

/** Lets a reader point the whole dashboard at another source; ours is chosen at first. */
const variable = (name: Datasource): Json => ({
  name,
  label: titles[name],
  type: "datasource",
  query: name,
  current: { text: titles[name], value: datasources[name] },
  hide: 2,
  includeAll: false,
  multi: false,
  options: [],
  refresh: 1,
  regex: "",
  skipUrlSync: false,
});

const from = (name: Datasource): Json => ({ type: name, uid: `\${${name}}` });

export const row = (id: number, title: string, y: number): Json => ({
  id,
  type: "row",
  title,
  collapsed: false,
  gridPos: { x: 0, y, w: 24, h: 1 },
  panels: [],
});

export function panel(id: number, what: Panel, gridPos: Position): Json {
  const head = { id, title: what.title, gridPos, ...(what.description ? { description: what.description } : {}) };
  switch (what.type) {
    case "timeseries":
      return { ...head, ...graph(what) };
    case "stat":
      return { ...head, ...stat(what) };
    case "logs":
      return { ...head, ...logs(what) };
    case "loggraph":
      return { ...head, ...logGraph(what) };
    case "traces":
      return { ...head, ...traces(what) };
  }
}

/** Alerts that fire now. `filter` are matchers on their labels. */
export const alertList = (id: number, title: string, gridPos: Position, filter: string): Json => ({
  id,
  type: "alertlist",
  title,
  gridPos,
  datasource: from("prometheus"),
  targets: [],
  options: {
    alertInstanceLabelFilter: filter,
    alertName: "",
    dashboardAlerts: false,
    // By its name: the panel compares it with the names of sources that have rules, not with their uids.
    datasource: titles.prometheus,
    groupMode: "default",
    maxItems: 20,
    sortOrder: 3,
    stateFilter: { error: true, firing: true, noData: false, normal: false, pending: true },
    viewMode: "list",
  },
});

const refId = (index: number) => String.fromCharCode("A".charCodeAt(0) + index);

const target = ({ expr, legend }: Query, index: number): Json => ({
  refId: refId(index),
  datasource: from("prometheus"),
  expr,
  legendFormat: legend,
  range: true,
});

const lines = (unit: Unit, more: Json = {}): Json => ({
  type: "timeseries",
  fieldConfig: {
    defaults: { unit, min: 0, color: { mode: "palette-classic" }, custom: { fillOpacity: 8, showPoints: "never" }, ...more },
    overrides: [],
  },
  options: { legend: { displayMode: "list", placement: "bottom", showLegend: true }, tooltip: { mode: "multi", sort: "desc" } },
});

const steps = (...colours: readonly (readonly [string, number | null])[]): Json => ({
  mode: "absolute",
  steps: colours.map(([color, value]) => ({ color, value })),
});

function graph({ unit, queries, limits }: Graph): Json {
  const thresholds = limits
    ? {
        thresholds: steps(["green", null], ["yellow", limits[0]], ["red", limits[1]]),
        custom: { fillOpacity: 8, showPoints: "never", thresholdsStyle: { mode: "dashed" } },
      }
    : {};
  return { ...lines(unit, thresholds), datasource: from("prometheus"), targets: queries.map(target) };
}

function stat({ unit, query, good }: Stat): Json {
  const colours = !good
    ? steps(["text", null])
    : "from" in good
      ? steps(["red", null], ["green", good.from])
      : steps(["green", null], ["red", good.below]);
  return {
    type: "stat",
    datasource: from("prometheus"),
    fieldConfig: { defaults: { unit, thresholds: colours, noValue: "no data" }, overrides: [] },
    options: { colorMode: "value", graphMode: "area", reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false }, textMode: "auto" },
    targets: [{ refId: "A", datasource: from("prometheus"), expr: query, legendFormat: "", instant: false, range: true }],
  };
}

const logs = ({ query }: Logs): Json => ({
  type: "logs",
  datasource: from("loki"),
  options: {
    dedupStrategy: "none",
    enableLogDetails: true,
    prettifyLogMessage: false,
    showTime: true,
    sortOrder: "Descending",
    wrapLogMessage: true,
  },
  targets: [{ refId: "A", datasource: from("loki"), expr: query, queryType: "range" }],
});

const logGraph = ({ unit, queries }: LogGraph): Json => ({
  ...lines(unit),
  datasource: from("loki"),
  targets: queries.map(({ expr, legend }, index) => ({
    refId: refId(index),
    datasource: from("loki"),
    expr,
    legendFormat: legend,
    queryType: "range",
  })),
});

const traces = ({ query }: Traces): Json => ({
  type: "table",
  datasource: from("tempo"),
  fieldConfig: { defaults: {}, overrides: [] },
  options: { showHeader: true },
  targets: [{ refId: "A", datasource: from("tempo"), query, queryType: "traceql", tableType: "traces", limit: 20 }],
});
