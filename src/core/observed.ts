import type { Connection } from "./connection.ts";

/** What a component tells about itself to whoever watches it: where its figures are, and what there is to ask about. */
export interface Observed {
  /** Class of the component. */
  readonly kind: string;
  readonly name: string;
  readonly replicas: number;
  /** Figures in the Prometheus text format, served by each replica itself. */
  readonly metrics?: { readonly from: Connection; readonly path: string };
  /** Its workloads beside the one of `metrics`, where it runs as several that serve figures of their own. @default none */
  readonly parts?: readonly ObservedPart[];
  /** The way for an exporter to ask a system that has no such figures. */
  readonly exporter?: { readonly kind: "postgres" | "redis" | "nats" | "nginx"; readonly from: Connection };
  /** Where each replica is asked whether it is well, when nothing serves figures of it; without a path it is enough that it accepts connections. */
  readonly health?: { readonly from: Connection; readonly path?: string };
  /** Names of what it holds, by sort, e.g. `{ streams: ["GH"], consumers: ["GH/CODEX"] }`: rules and dashboards name them. */
  readonly facts: Readonly<Record<string, readonly string[]>>;
}

/** A further workload of a component, with figures of each of its replicas, e.g. a role of a server. */
export interface ObservedPart {
  /** Name of the workload. */
  readonly name: string;
  readonly replicas: number;
  readonly metrics: { readonly from: Connection; readonly path: string };
}

/** A component that can be watched. */
export interface Observable {
  readonly observed: Observed;
}
