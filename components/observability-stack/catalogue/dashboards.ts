import type { Observed } from "../../../src/core/observed.ts";
import type { Datasource } from "./datasources.ts";
import { dashboard, type Json } from "./grafana.ts";
import { kindOf } from "./kinds.ts";
import { sections } from "./layout.ts";
import type { Section, Stat } from "./model.ts";
import { alertsStat, overview } from "./overview.ts";
import { aliveOf, expectedOf, quoted } from "./promql.ts";
import { type CatalogueOptions, withSelf } from "./rules-file.ts";
import { linkTo, overviewUid, tag, uidOf } from "./uids.ts";

export interface DashboardFile {
  /** Name of the file, below the folder that Grafana reads. */
  readonly file: string;
  readonly json: string;
}

/** A dashboard for each component, the stack itself included, and one over all. */
export function dashboards(observed: readonly Observed[], options: CatalogueOptions): DashboardFile[] {
  const all = withSelf(observed, options);
  return [fileOf(overviewUid, overview(all)), ...all.map((it) => fileOf(uidOf(it.name), componentDashboard(it, options)))];
}

const fileOf = (uid: string, content: Json): DashboardFile => ({ file: `${uid}.json`, json: `${JSON.stringify(content, undefined, 2)}\n` });

function componentDashboard(it: Observed, { traces = "tempo" }: CatalogueOptions): Json {
  const kind = kindOf(it);
  const stats = [...commonStats(it), ...kind.stats(it)];
  const shown: readonly Section[] = [
    ...(stats.length > 0 ? [{ title: "Now", panels: stats }] : []),
    ...kind.sections(it),
    { title: "Logs", panels: [{ type: "logs", title: `Log of ${it.name}`, query: `{service_name=${quoted(it.name)}}` }] },
    ...(kind.traces && traces === "tempo"
      ? [
          {
            title: "Traces",
            panels: [{ type: "traces" as const, title: `Traces of ${it.name}`, query: `{resource.service.name=${quoted(it.name)}}` }],
          },
        ]
      : []),
  ];
  return dashboard({
    uid: uidOf(it.name),
    title: `${it.name} (${it.kind})`,
    tags: [tag, it.kind],
    panels: sections(shown, { y: 0, id: 1 }).panels,
    asks: asked(shown),
    links: [linkTo("All components", overviewUid)],
  });
}

function commonStats(it: Observed): readonly Stat[] {
  const alive = aliveOf(it);
  if (alive === undefined) return [];
  return [{ type: "stat", title: "Up", unit: "short", query: `sum(${alive})`, good: { from: it.exporter ? 1 : expectedOf(it) } }, alertsStat(it)];
}

/** Only sources that a panel asks become variables. */
function asked(shown: readonly Section[]): readonly Datasource[] {
  const types = new Set(shown.flatMap(({ panels }) => panels.map(({ type }) => type)));
  const has = (...which: readonly ("timeseries" | "stat" | "logs" | "loggraph" | "traces")[]) => which.some((type) => types.has(type));
  return [
    ...(has("timeseries", "stat") ? (["prometheus"] as const) : []),
    ...(has("logs", "loggraph") ? (["loki"] as const) : []),
    ...(has("traces") ? (["tempo"] as const) : []),
  ];
}
