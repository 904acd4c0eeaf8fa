import type { Observed } from "../../../src/core/observed.ts";

/** `critical`: somebody is asked to come now. `warning`: today. `info`: shown. `none`: the heartbeat. */
export type Severity = "critical" | "warning" | "info" | "none";

/** One alert of a kind, about one component, with the words of its section in docs/alerts.md. */
export interface AlertRule {
  readonly name: string;
  /** PromQL: fires for each series of its answer. */
  readonly expr: string;
  /** Seconds that `expr` must have an answer. */
  readonly forSeconds: number;
  readonly severity: Severity;
  /** One line, with the component's name. */
  readonly summary: string;
  /** With the value; Prometheus fills in `{{ $value }}` and `{{ $labels.x }}`. */
  readonly description: string;
  /** What the alert is about within the component, e.g. `{ stream: "GH" }`: it becomes labels. */
  readonly about?: Readonly<Record<string, string>>;
  /** What it means that it fires. */
  readonly meaning: string;
  /** Why the limit is where it is. */
  readonly threshold: string;
  /** What to do. */
  readonly remedy: string;
}

/** An alert as others read it: rules, alarms of a cloud, policies. */
export interface Alert extends AlertRule {
  /** Component that it is about. */
  readonly component: string;
  /** Class of that component. */
  readonly kind: string;
  /** File and anchor of what to do. */
  readonly runbook: string;
}

/** A query under a name of its own, `level:metric:operation`. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Units of Grafana that the panels use. */
export type Unit = "short" | "percentunit" | "s" | "bytes" | "reqps" | "cps" | "ops" | "dateTimeFromNow";

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

interface Titled {
  readonly title: string;
  /** What is to be seen, where the title does not say it. */
  readonly description?: string;
}

/** Lines over time. */
export interface Graph extends Titled {
  readonly type: "timeseries";
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Values from which it is yellow, and red. */
  readonly limits?: readonly [number, number];
}

/** One figure: now. */
export interface Stat extends Titled {
  readonly type: "stat";
  readonly unit: Unit;
  readonly query: string;
  /** Colour by value: red below the first figure, green from it; or the other way, green below it. */
  readonly good?: { readonly from: number } | { readonly below: number };
}

/** Lines of log, by LogQL. */
export interface Logs extends Titled {
  readonly type: "logs";
  readonly query: string;
}

/** A figure over time that is counted from lines of log, by LogQL. */
export interface LogGraph extends Titled {
  readonly type: "loggraph";
  readonly unit: Unit;
  readonly queries: readonly Query[];
}

/** Traces, by TraceQL. */
export interface Traces extends Titled {
  readonly type: "traces";
  readonly query: string;
}

export type Panel = Graph | Stat | Logs | LogGraph | Traces;

export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What the catalogue knows about a class of components. Each part is a pure function of what the component tells. */
export interface Kind {
  /** Whether it holds data that must be backed up. */
  readonly keepsData: boolean;
  /** Whether its programs send spans. */
  readonly traces: boolean;
  readonly recordings: (it: Observed) => readonly Recording[];
  readonly alerts: (it: Observed) => readonly AlertRule[];
  /** Figures of the first row, beside those that every component has. */
  readonly stats: (it: Observed) => readonly Stat[];
  readonly sections: (it: Observed) => readonly Section[];
}
