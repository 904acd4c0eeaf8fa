import type { Connection } from "./connection.ts";

/** What a component tells about itself to whoever watches it: where its figures are, and what there is to ask about. */
export interface Observed {
  /** Class of the component. */
  readonly kind: string;
  readonly name: string;
  readonly replicas: number;
  /** Whether each replica of several has a name of its own on every target, `<workload>-<index>`. @default false: they are alike */
  readonly named?: boolean;
  /** Whether there may be more of them than that, by load. @default false */
  readonly grows?: boolean;
  /** Whether it runs outside of the stack: then nobody watches it. @default false */
  readonly elsewhere?: true;
  /** Figures in the Prometheus text format, served by each replica itself. */
  readonly metrics?: { readonly from: Connection; readonly path: string };
  /** The same of further workloads of the component, where it is several, each with its own number of replicas. @default none */
  readonly also?: readonly ObservedPart[];
  /** The way for an exporter to ask a system that has no such figures. */
  readonly exporter?: { readonly kind: "postgres" | "redis" | "nats" | "nginx"; readonly from: Connection };
  /** Where each replica is asked whether it is well, when nothing serves figures of it; without a path it is enough that it accepts connections. */
  readonly health?: { readonly from: Connection; readonly path?: string };
  /** Names of what it holds, by sort, e.g. `{ streams: ["GH"], consumers: ["GH/CODEX"] }`: rules and dashboards name them. */
  readonly facts: Readonly<Record<string, readonly string[]>>;
}

/** A further workload of a component, with figures of each of its replicas, e.g. a role of a server. */
export interface ObservedPart {
  readonly from: Connection;
  readonly path: string;
  readonly replicas: number;
}

/** A component that can be watched. */
export interface Observable {
  readonly observed: Observed;
}
