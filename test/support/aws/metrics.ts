import type { Plan, PlanResource } from "../../../src/preview/plan.ts";
import { collectorFigures } from "./emf.ts";
import { serviceFigures } from "./service-metrics.ts";

/** A figure that an alarm or a widget asks CloudWatch for. */
export interface AskedFigure {
  /** Who asks, e.g. `alarm db-disk-alarm`. */
  readonly by: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Whether something in the plan emits a figure: undefined where it is not of this source, else what is wrong, or "". */
export type Source = (figure: AskedFigure) => string | undefined;

const ofType = (plan: Plan, type: string) => plan.resources.filter((resource) => resource.type === type);

interface Query {
  readonly expression?: string;
  readonly id: string;
  readonly metric?: { readonly namespace: string; readonly metricName: string; readonly dimensions?: Readonly<Record<string, string>> };
}

interface Widget {
  readonly type: string;
  readonly properties: { readonly metrics?: readonly (readonly unknown[])[]; readonly alarms?: readonly string[]; readonly query?: string };
}

export const askedFigures = (plan: Plan): AskedFigure[] => [...alarms(plan).flatMap(askedByAlarm), ...dashboards(plan).flatMap(askedByDashboard)];

const alarms = (plan: Plan) => ofType(plan, "aws:cloudwatch/metricAlarm:MetricAlarm");
const dashboards = (plan: Plan) => ofType(plan, "aws:cloudwatch/dashboard:Dashboard");
const widgetsOf = ({ inputs }: PlanResource) => (JSON.parse(String(inputs.dashboardBody)) as { widgets: readonly Widget[] }).widgets;

function askedByAlarm({ name, inputs }: PlanResource): AskedFigure[] {
  const by = `alarm ${name}`;
  const own = inputs.metricName
    ? [
        {
          by,
          namespace: String(inputs.namespace),
          metric: String(inputs.metricName),
          dimensions: (inputs.dimensions ?? {}) as Record<string, string>,
        },
      ]
    : [];
  const queries = (inputs.metricQueries ?? []) as readonly Query[];
  return [
    ...own,
    ...queries.flatMap(({ metric }) =>
      metric ? [{ by, namespace: metric.namespace, metric: metric.metricName, dimensions: metric.dimensions ?? {} }] : [],
    ),
  ];
}

function askedByDashboard(dashboard: PlanResource): AskedFigure[] {
  return widgetsOf(dashboard).flatMap(({ properties: { metrics = [] } }) =>
    metrics.flatMap((row) => {
      const words = row.filter((cell) => typeof cell === "string");
      const [namespace, metric, ...pairs] = words;
      if (namespace === undefined || metric === undefined) return [];
      const dimensions = Object.fromEntries(
        Array.from({ length: pairs.length / 2 }, (_, index) => [String(pairs[index * 2]), String(pairs[index * 2 + 1])]),
      );
      return [{ by: `dashboard ${dashboard.name}`, namespace, metric, dimensions }];
    }),
  );
}

/** Metric filters of log groups that are in the plan. */
const filterFigures = (plan: Plan): Source => {
  const groups = ofType(plan, "aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs.name);
  const filters = ofType(plan, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => ({
    group: inputs.logGroupName,
    ...(inputs.metricTransformation as { namespace: string; name: string; dimensions?: object; defaultValue?: string }),
  }));
  return ({ namespace, metric, dimensions }) => {
    const own = filters.filter((filter) => filter.namespace === namespace);
    if (own.length === 0) return undefined;
    const found = own.find(({ name }) => name === metric);
    if (!found) return "no metric filter gives this figure";
    if (!groups.includes(found.group)) return `the log group ${String(found.group)} is not in the plan`;
    if (found.dimensions && found.defaultValue !== undefined) return "a filter has dimensions or a value for none, not both";
    return Object.keys(dimensions).toSorted().join() ===
      Object.keys(found.dimensions ?? {})
        .toSorted()
        .join()
      ? ""
      : "the filter has other dimensions";
  };
};

/** Figures that nodes tell by the script that they are launched with. */
const nodeFigures = (plan: Plan): Source => {
  const scripts = ofType(plan, "aws:ec2/launchTemplate:LaunchTemplate").map(({ inputs }) =>
    Buffer.from(String(inputs.userData ?? ""), "base64").toString("utf8"),
  );
  return ({ namespace, metric, dimensions }) => {
    const own = scripts.filter((script) => script.includes(namespace));
    if (own.length === 0) return undefined;
    const words = [metric, ...Object.keys(dimensions), ...Object.values(dimensions)];
    return own.some((script) => words.every((word) => script.includes(word))) ? "" : "no node tells it";
  };
};

/**
 * Every alarm and every widget that asks for a figure which nothing in the plan emits, with the reason; of alarm widgets and
 * log widgets those that name no alarm and no log group of the plan. Works on any recorded plan.
 */
export function danglingFigures(plan: Plan): string[] {
  const sources = [filterFigures(plan), collectorFigures(plan), nodeFigures(plan), serviceFigures(plan)];
  const figures = askedFigures(plan).flatMap((figure) => {
    const answers = sources.flatMap((source) => source(figure) ?? []);
    const { by, namespace, metric, dimensions } = figure;
    if (answers.includes("")) return [];
    return [`${by}: ${namespace} ${metric} ${JSON.stringify(dimensions)}: ${answers[0] ?? "nothing emits into this namespace"}`];
  });
  return [...figures, ...danglingNames(plan), ...danglingIds(plan)];
}

function danglingNames(plan: Plan): string[] {
  const known = new Set(alarms(plan).map(({ inputs }) => String(inputs.name)));
  const groups = new Set(ofType(plan, "aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => String(inputs.name)));
  return dashboards(plan).flatMap((dashboard) =>
    widgetsOf(dashboard).flatMap(({ properties: { alarms: arns = [], query = "" } }) => [
      ...arns.filter((arn) => !known.has(arn.split(":alarm:")[1] ?? "")).map((arn) => `dashboard ${dashboard.name}: no alarm ${arn}`),
      ...[...query.matchAll(/SOURCE '([^']+)'/g)]
        .filter(([, group = ""]) => !groups.has(group))
        .map(([, group]) => `dashboard ${dashboard.name}: no log group ${group}`),
    ]),
  );
}

/** Expressions that name what is not beside them. */
function danglingIds(plan: Plan): string[] {
  return alarms(plan).flatMap(({ name, inputs }) => {
    const queries = (inputs.metricQueries ?? []) as readonly Query[];
    const ids = new Set(queries.map(({ id }) => id));
    const named = queries.flatMap(({ expression = "" }) => expression.match(/\b[a-z][a-z0-9_]*\b/g) ?? []);
    return named.filter((id) => !ids.has(id)).map((id) => `alarm ${name}: the expression names ${id}`);
  });
}
