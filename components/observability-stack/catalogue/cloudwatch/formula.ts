import type { Observed } from "../../../../src/core/observed.ts";
import type { Alert } from "../model.ts";
import type { Figure, Formula, OnAws, Places, Translate } from "./model.ts";

const minute = 60;

/** A figure of a component that is scraped, e.g. `of("pg_up", "Minimum")`; `labels` are further dimensions. */
export const scraped =
  ({ namespace }: Places, { name }: Pick<Observed, "name">, more: Readonly<Record<string, string>> = {}) =>
  (metric: string, statistic: string, labels: Readonly<Record<string, string>> = {}): Figure => ({
    namespace,
    metric,
    dimensions: { component: name, ...more, ...labels },
    statistic,
  });

/** The comparison at the end of a rule: the catalogue alone says where the limit is. */
export function limitOf({ name, expr }: Pick<Alert, "name" | "expr">): Pick<Formula, "when" | "threshold"> {
  const [, operator, number] = /(>=|<=|==|>|<)\s*(\d+(?:\.\d+)?)$/.exec(expr) ?? [];
  if (!operator || !number) throw new Error(`${name}: the rule does not end with a limit`);
  const threshold = Number(number);
  // Of figures that are 0 or 1 each replica counts: the statistic is the lowest, or the highest.
  if (operator === "==") return { when: threshold === 0 ? "<=" : ">=", threshold };
  return { when: operator as Formula["when"], threshold };
}

/** The first limit, where the rule goes on with a second condition. */
export const firstLimitOf = (alert: Alert) => limitOf({ ...alert, expr: alert.expr.split(" and ")[0] ?? "" });

/** Seconds that the rule looks back, `[15m]`. */
export function windowOf({ name, expr }: Alert): number {
  const [, minutes] = /\[(\d+)m\]/.exec(expr) ?? [];
  if (!minutes) throw new Error(`${name}: the rule has no window`);
  return Number(minutes) * minute;
}

/** Periods of a minute as long as the rule wants; what the rule tells at once is looked at over its window. */
const timeOf = (alert: Alert): Pick<Formula, "periodSeconds" | "periods"> =>
  alert.forSeconds > 0 ? { periodSeconds: minute, periods: alert.forSeconds / minute } : { periodSeconds: windowOf(alert), periods: 1 };

type More = Partial<Omit<Formula, "figures">>;

/** An alarm with the limit and the time of the rule, unless `more` says otherwise. */
export const formula = (alert: Alert, figures: Formula["figures"], more: More = {}): Formula => ({
  figures,
  missing: "notBreaching",
  ...more,
  ...limitOr(alert, more),
  ...timeOr(alert, more),
});

const limitOr = (alert: Alert, { when, threshold }: More) => (when === undefined || threshold === undefined ? limitOf(alert) : { when, threshold });
const timeOr = (alert: Alert, { periodSeconds, periods }: More) =>
  periodSeconds === undefined || periods === undefined ? timeOf(alert) : { periodSeconds, periods };

/** One figure against the limit of the rule. */
export const single =
  (metric: string, statistic: string, labels: Readonly<Record<string, string>> = {}): Translate =>
  (alert, it, places) => ({ alarms: [formula(alert, { figure: scraped(places, it)(metric, statistic, labels) })] });

/** The part of a whole that the rule limits, both under the same dimensions. */
export const ratio =
  (part: string, whole: string, statistics: readonly [string, string]): Translate =>
  (alert, it, places) => {
    const of = scraped(places, it);
    return { alarms: [formula(alert, { part: of(part, statistics[0]), whole: of(whole, statistics[1]) }, { expression: "part / whole" })] };
  };

/** The same with what the rule is about as dimensions, e.g. `stream` -> `stream_name`. */
export const aboutOf = ({ about = {} }: Alert, names: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(about).map(([key, value]) => [names[key] ?? key, value]));

/**
 * Rings when nothing has told of it for the time of the rule. Figures arrive twice a minute, so three minutes are the least
 * that is not a delay.
 */
export const absent = (alert: Alert, figure: Figure): Formula =>
  formula(
    alert,
    { figure },
    { when: "<", threshold: 1, periodSeconds: minute, periods: Math.max(3, alert.forSeconds / minute), missing: "breaching" },
  );

/** A figure of a service of ECS. */
export const ofService = ({ cluster, service }: Places, workload: string, metric: string, statistic: string): Figure => ({
  namespace: "ECS/ContainerInsights",
  metric,
  dimensions: { ClusterName: cluster, ServiceName: service(workload) },
  statistic,
});

export const averaged =
  "CloudWatch keeps sum and count of a histogram: the average is compared instead of the slowest part; aws.prometheus has the rule itself";

/** The average of a histogram. */
export const average =
  (histogram: string, labels: Readonly<Record<string, string>> = {}): Translate =>
  (alert, it, places) => ({ alarms: [formula(alert, { figure: scraped(places, it)(histogram, "Average", labels) })], coarser: averaged });

export const none =
  (reason: string): Translate =>
  (): OnAws => ({ none: reason });
