import type { Observed } from "../../../src/core/observed.ts";

/** A label value in PromQL, LogQL and TraceQL; JSON escapes what they escape. */
export const quoted = (value: string) => JSON.stringify(value);

/** `pg_up{job="db"}`: a metric of one component. `more` are further matchers, e.g. `code=~"5.."`. */
export const series = (metric: string, { name }: Observed, ...more: readonly string[]) => `${metric}{${[`job=${quoted(name)}`, ...more].join(",")}}`;

/** `rate(x{job="db"}[5m])`. */
export const rate = (metric: string, it: Observed, ...more: readonly string[]) => `rate(${series(metric, it, ...more)}[5m])`;

/** A quantile of a histogram over 5 minutes, for each value of the labels `by`. */
export const quantile = (q: number, histogram: string, it: Observed, by: readonly string[] = ["job"], ...more: readonly string[]) =>
  `histogram_quantile(${q}, sum by (${[...by, "le"].join(", ")}) (${rate(`${histogram}_bucket`, it, ...more)}))`;

/** A part of a whole, 0 to 1; 0 where the part has no series yet, and nothing where there is no whole. */
export const share = (part: string, whole: string) => `(${part} or 0 * ${whole}) / (${whole} > 0)`;

/** A counter that is there only from its first event on: that one has no growth yet, and counts too. */
export function grew(counter: string, it: Observed, window: string): string {
  const all = series(counter, it);
  return `increase(${all}[${window}]) > 0 or (${all} unless ${all} offset ${window}) > 0`;
}

/** Names of one sort that a component holds. */
export const factsOf = ({ facts }: Observed, sort: string): readonly string[] => facts[sort] ?? [];

/** `GH/CODEX` -> the stream and its durable consumer. */
export function consumersOf(it: Observed): { readonly stream: string; readonly consumer: string }[] {
  return factsOf(it, "consumers").map((path) => {
    const [stream = "", consumer = ""] = path.split("/");
    return { stream, consumer };
  });
}

/** Where its figures are: each of its workloads that serves some, with its number of replicas. */
export const endpointsOf = ({ metrics, also = [], replicas }: Observed) => [...(metrics ? [{ ...metrics, replicas }] : []), ...also];

/** How many targets there are by the plan. */
export const expectedOf = (it: Observed): number => {
  const endpoints = endpointsOf(it);
  return endpoints.length > 0 ? endpoints.reduce((sum, { replicas }) => sum + replicas, 0) : it.replicas;
};

/** Whether anything serves figures of it. */
export const isScraped = ({ metrics, exporter }: Observed) => metrics !== undefined || exporter !== undefined;

/** Whether it is only asked for its health. */
export const isProbed = (it: Observed) => it.health !== undefined && !isScraped(it);

/** 1 for each replica that is there, else 0; undefined where nobody asks. */
export function aliveOf(it: Observed): string | undefined {
  if (isProbed(it)) return series("probe_success", it);
  return isScraped(it) ? series("up", it) : undefined;
}

export const minutes = (count: number) => count * 60;
export const hours = (count: number) => count * 3600;
