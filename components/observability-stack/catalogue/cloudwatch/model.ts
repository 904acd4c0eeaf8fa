import type { Input } from "@pulumi/pulumi";
import type { Observed } from "../../../../src/core/observed.ts";
import type { Alert } from "../model.ts";

/** One figure of CloudWatch. */
export interface Figure {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, Input<string>>>;
  /** `Sum`, `Maximum` ..., or a percentile such as `p99`. */
  readonly statistic: string;
}

/** Names by which CloudWatch knows what the stack has. */
export interface Places {
  /** Namespace of what is scraped. */
  readonly namespace: string;
  readonly cluster: string;
  readonly scrapeSeconds: number;
  /** Name of the stack that observes. */
  readonly stack: string;
  readonly service: (workload: string) => string;
  readonly database: (part: string) => string;
  /** Dimensions that a component told of its own parts, e.g. `LoadBalancer`. */
  readonly told: (component: string) => Readonly<Record<string, Input<string>>>;
}

/** One alarm for an alert; several where it is about several things of one component. */
export interface Formula {
  /** Tells apart several alarms of one alert, e.g. the name of a stream. */
  readonly key?: string;
  readonly figures: Readonly<Record<string, Figure>>;
  /** Metric math over the keys of `figures`. @default the one figure */
  readonly expression?: string;
  readonly when: ">" | ">=" | "<" | "<=";
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Periods that are looked at. */
  readonly periods: number;
  /** How many of them must be beyond the threshold. @default all */
  readonly datapoints?: number;
  /** What no figure means. */
  readonly missing: "notBreaching" | "breaching";
}

/** What becomes of an alert of the catalogue on AWS. */
export type OnAws =
  /** Alarms of its own; `coarser` says in what way they tell less than the rule. */
  | { readonly alarms: readonly Formula[]; readonly coarser?: string }
  /** Alarms that the component has by itself, by the names of their parts. */
  | { readonly existing: readonly string[]; readonly coarser?: string }
  /** Why there is none. */
  | { readonly none: string };

export type Translate = (alert: Alert, it: Observed, places: Places) => OnAws;
export type Translations = Readonly<Record<string, Translate>>;
