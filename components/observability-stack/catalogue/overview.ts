import type { Observed } from "../../../src/core/observed.ts";
import { alertList, dashboard, type Json } from "./grafana.ts";
import { kindOf } from "./kinds.ts";
import { sections } from "./layout.ts";
import type { Section, Stat } from "./model.ts";
import { aliveOf, quoted } from "./promql.ts";
import { linkTo, overviewUid, tag, uidOf } from "./uids.ts";

const alertsHeight = 8;

/** A row of figures for each component below the alerts that fire, with a link to its own dashboard. */
export function overview(all: readonly Observed[]): Json {
  const list = alertList(1, "Alerts", { x: 0, y: 0, w: 24, h: alertsHeight }, '{severity!="none"}');
  const rows = sections(all.map(section), { y: alertsHeight, id: 2 });
  return dashboard({
    uid: overviewUid,
    title: "All components",
    tags: [tag],
    panels: [list, ...rows.panels],
    asks: all.some((it) => !hasFigures(it)) ? ["prometheus", "loki"] : ["prometheus"],
    links: all.map(({ name }) => linkTo(name, uidOf(name))),
  });
}

const hasFigures = (it: Observed) => aliveOf(it) !== undefined || kindOf(it).stats(it).length > 0;

function section(it: Observed): Section {
  const title = `${it.name} (${it.kind})`;
  if (!hasFigures(it)) {
    const query = `sum(count_over_time({service_name=${quoted(it.name)}} [$__auto]))`;
    return { title, panels: [{ type: "loggraph", title: `${it.name}: lines of log`, unit: "short", queries: [{ expr: query, legend: "lines" }] }] };
  }
  return { title, panels: [...upAndAlerts(it), ...kindOf(it).stats(it)] };
}

function upAndAlerts(it: Observed): readonly Stat[] {
  const alive = aliveOf(it);
  const up: readonly Stat[] = alive === undefined ? [] : [{ type: "stat", title: "Up", unit: "short", query: `sum(${alive})`, good: { from: 1 } }];
  return [...up, alertsStat(it)];
}

/** Alerts about a component that fire now, the heartbeat left out. */
export const alertsStat = ({ name }: Observed): Stat => ({
  type: "stat",
  title: "Alerts",
  unit: "short",
  query: `count(ALERTS{alertstate="firing",severity!="none",component=${quoted(name)}}) or vector(0)`,
  good: { below: 1 },
});
