import type { Observed } from "../../../src/core/observed.ts";
import { translated } from "../catalogue/cloudwatch/index.ts";
import type { Figure, Places } from "../catalogue/cloudwatch/model.ts";
import { selfObserved } from "../catalogue/index.ts";
import { graphsOf } from "./graphs.ts";

/** A figure of the collector under the dimensions by which alarms and dashboards choose it. */
export interface Declared {
  readonly metric: string;
  /** Sets of names of dimensions, each sorted. */
  readonly dimensions: readonly (readonly string[])[];
}

/** Everything that alarms and dashboards ask of what is scraped: nothing else is paid for. */
export function declaredFigures(observes: readonly Observed[], places: Places): readonly Declared[] {
  const all = [...observes, selfObserved(places.stack)].flatMap((it) => [
    ...translated(it, places).flatMap(({ onAws }) => ("alarms" in onAws ? onAws.alarms.flatMap(({ figures }) => Object.values(figures)) : [])),
    ...graphsOf(it, places).flatMap(({ lines }) => Object.values(lines)),
  ]);
  const own = all.filter(({ namespace }) => namespace === places.namespace);
  const byMetric = Map.groupBy(own, ({ metric }) => metric);
  return [...byMetric].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([metric, figures]) => ({ metric, dimensions: setsOf(figures) }));
}

function setsOf(figures: readonly Figure[]): string[][] {
  const sets = new Set(figures.map(({ dimensions }) => Object.keys(dimensions).toSorted().join(" ")));
  return [...sets].toSorted().map((set) => set.split(" "));
}

/** Declarations of the exporter: figures with the same dimensions share one. */
export function declarations(figures: readonly Declared[]): object[] {
  const groups = Map.groupBy(figures, ({ dimensions }) => JSON.stringify(dimensions));
  return [...groups.values()].map((same) => ({
    dimensions: same[0]?.dimensions ?? [],
    metric_name_selectors: same.map(({ metric }) => `^${metric}$`),
  }));
}
