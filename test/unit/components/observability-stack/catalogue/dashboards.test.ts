import { describe, expect, test } from "vitest";
import { dashboards, datasources, rulesFile } from "../../../../../components/observability-stack/catalogue/index.ts";
import { accessLog } from "../../../../../components/service-mesh-gateway/nginx/log.ts";
import { everyComponent } from "../../../../../docs/every-component.ts";
import { knownMetrics } from "../../../../support/known-metrics.ts";
import { faultsIn, metricsIn } from "../../../../support/promql.ts";

interface Target {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly expr?: string;
  readonly query?: string;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly Target[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: string; readonly current: { readonly value: string } }[];
  };
  readonly links: readonly { readonly url: string }[];
  readonly panels: readonly Panel[];
}

const options = { selfName: "telemetry" };
const kinds = new Map([...everyComponent.map(({ name, kind }) => [name, kind] as const), ["telemetry", "ObservabilityStack"]]);
const files = dashboards(everyComponent, options);
const every = files.map(({ file, json }) => ({ file, board: JSON.parse(json) as Dashboard }));
const recorded = new Set([...rulesFile(everyComponent, options).matchAll(/record: "(.*)"/g)].map(([, name]) => name));

test("there is one for each component and the stack itself, and one over all", () => {
  expect(files.map(({ file }) => file)).toEqual(["overview.json", ...[...kinds.keys()].map((name) => `component-${name}.json`)]);
  const uids = every.map(({ board }) => board.uid);
  expect(new Set(uids).size).toBe(uids.length);
  for (const uid of uids) expect(uid).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
});

describe.each(every)("$file", ({ file, board }) => {
  const shown = board.panels.filter(({ type }) => type !== "row");
  const targets = shown.flatMap(({ targets = [] }) => targets);
  const metricTargets = targets.filter(({ datasource }) => datasource.type === "prometheus");

  test("is the classic JSON that provisioning takes", () => {
    expect(Object.keys(board)).not.toContain("id");
    expect(Object.keys(board)).not.toContain("__inputs");
    expect(board.schemaVersion).toBeGreaterThanOrEqual(39);
  });

  test("panels have ids of their own and lie beside each other on 24 columns", () => {
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
    const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of board.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  test("each panel asks a source by a variable, and something", () => {
    const variables = new Map(board.templating.list.map(({ name, query, current }) => [name, { query, value: current.value }]));
    for (const { datasource, type, targets = [], title } of shown) {
      const name = /^\$\{(\w+)\}$/.exec(datasource?.uid ?? "")?.[1] ?? "";
      expect(variables.get(name)?.query, title).toBe(datasource?.type);
      if (type !== "alertlist") expect(targets.length, title).toBeGreaterThan(0);
      for (const target of targets) {
        expect(target.datasource).toEqual(datasource);
        expect((target.expr ?? target.query ?? "").trim(), title).not.toBe("");
      }
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  test("no variable dangles: each is used, and names a source that is provisioned", () => {
    const used = JSON.stringify(board.panels);
    for (const { name, type, current } of board.templating.list) {
      expect(type).toBe("datasource");
      expect(Object.values(datasources)).toContain(current.value);
      expect(used).toContain(`\${${name}}`);
    }
    const named = new Set(board.templating.list.map(({ name }) => `\${${name}}`));
    for (const [variable] of used.matchAll(/\$\{\w+\}/g)) expect(named).toContain(variable);
    // Grafana's own, in LogQL.
    for (const [variable] of used.matchAll(/\$[a-z_]\w*/gi)) expect(["$__auto"]).toContain(variable);
  });

  test("figures have a unit", () => {
    for (const { type, fieldConfig, title } of shown)
      if (["timeseries", "stat"].includes(type)) expect(fieldConfig?.defaults.unit, title).toBeTruthy();
  });

  test("links lead to dashboards that are there", () => {
    const there = every.map(({ board: { uid } }) => `/d/${uid}`);
    expect(board.links.length).toBeGreaterThan(0);
    for (const { url } of board.links) expect(there).toContain(url);
  });

  test("queries are PromQL on metrics that exist, or on what the rules record", () => {
    const component = file.replace(/^component-(.*)\.json$/, "$1");
    const known =
      file === "overview.json" ? new Set([...kinds.values()].flatMap((kind) => [...knownMetrics(kind)])) : knownMetrics(kinds.get(component) ?? "");
    for (const { expr = "" } of metricTargets) {
      expect(faultsIn(expr), expr).toEqual([]);
      expect(
        metricsIn(expr).filter((metric) => !(metric.includes(":") ? recorded : known).has(metric)),
        expr,
      ).toEqual([]);
    }
  });

  test("logs and traces are those of the component", () => {
    const component = file.replace(/^component-(.*)\.json$/, "$1");
    const others = targets.filter(({ datasource }) => datasource.type !== "prometheus");
    if (file === "overview.json") return;
    expect(others.length).toBeGreaterThan(0);
    for (const { expr, query } of others) expect(expr ?? query).toMatch(new RegExp(`\\{(resource\\.service\\.name|service_name)="${component}"\\}`));
  });
});

test("the overview has figures of each component below the alerts that fire, and a link to each", () => {
  const overview = every.find(({ file }) => file === "overview.json")?.board;
  expect(overview?.panels[0]?.type).toBe("alertlist");
  // By name: a uid finds no rules, and the list stays empty.
  expect(overview?.panels[0]).toHaveProperty("options.datasource", "Prometheus");
  expect(overview?.panels.filter(({ type }) => type === "row").map(({ title }) => title)).toEqual(
    [...kinds].map(([name, kind]) => `${name} (${kind})`),
  );
  expect(overview?.links.map(({ url }) => url)).toEqual([...kinds.keys()].map((name) => `/d/component-${name}`));
});

test("every alert's figures can be seen: what is recorded is drawn or rung for", () => {
  const read = [
    ...every.flatMap(({ board }) => board.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr = "" }) => metricsIn(expr)))),
    ...[...rulesFile(everyComponent, options).matchAll(/expr: (".*")/g)].flatMap(([, expr = '""']) => metricsIn(JSON.parse(expr) as string)),
  ];
  expect([...recorded].filter((name) => !read.includes(name ?? ""))).toEqual([]);
});

test("traces are shown where Tempo keeps them", () => {
  const typesOf = (traces: "tempo" | "jaeger" | "none") => JSON.stringify(dashboards(everyComponent, { ...options, traces }));
  expect(typesOf("tempo")).toContain("traceql");
  for (const other of ["jaeger", "none"] as const) expect(typesOf(other)).not.toMatch(/tempo["}]/);
});

test("what a gateway answered with 5xx is counted from its log, of which each line has the status as a number", () => {
  const board = every.find(({ file }) => file === "component-gateway.json")?.board;
  const panel = board?.panels.find(({ title }) => title === "Requests answered with 5xx");
  expect(panel?.datasource?.type).toBe("loki");
  const pattern = /regexp ("(?:[^"\\]|\\.)*")/.exec(panel?.targets?.[0]?.expr ?? "")?.[1] ?? "null";
  const status = (line: string) => new RegExp((JSON.parse(pattern) as string).replace("?P<", "?<")).exec(line)?.groups?.status;
  const logged = (status: string) =>
    /'(\{.*\})'/.exec(accessLog.find((line) => line.startsWith("log_format")) ?? "")?.[1]?.replace("$status", status) ?? "";
  expect([logged("200"), logged("404"), logged("502"), logged("504")].map(status)).toEqual([undefined, undefined, "502", "504"]);
});
