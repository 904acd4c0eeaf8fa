import type { Observed } from "../../src/core/observed.ts";
import type { Profile } from "../../src/core/profile.ts";
import type { PartPort } from "../../src/core/workload.ts";
import type { ObservabilityAwsArgs } from "./aws-args.ts";
import type { SettledReceiver } from "./receivers.ts";
import type { FindReplicas } from "./replicas.ts";
import type { SettledSizes, SizeArgs } from "./sizes.ts";

export type TraceStore = "tempo" | "jaeger" | "none";

/** What every part of a stack is made from. */
export interface StackModel {
  readonly name: string;
  readonly profile: Profile;
  readonly observes: readonly Observed[];
  readonly traces: TraceStore;
  readonly receivers: readonly SettledReceiver[];
  readonly scrapeSeconds: number;
  readonly sizes: SettledSizes;
  /** How replicas are found. */
  readonly find: FindReplicas;
  /** Replicas of the parts that keep nothing, so that one of them may be away: collector and exporters. */
  readonly copies: number;
  /** Who hands over what containers print: the daemon itself, or an agent on each node. */
  readonly logs: "daemon" | "agent";
  /** What somebody wrote down of the arguments that not every target honours. */
  readonly given: GivenArgs;
  /** For the Prometheus operator of a cluster. */
  readonly monitors?: Monitors;
  /** Set where a mesh takes nothing but mutual TLS. */
  readonly mesh?: MeshModel;
}

/** Arguments that are about parts which not every target has. */
export interface GivenArgs extends SizeArgs {
  readonly traces?: TraceStore;
  readonly scrapeSeconds?: number;
  readonly aws?: ObservabilityAwsArgs;
}

/** The Prometheus operator of a cluster, which is to scrape too. */
export interface Monitors {
  /** Namespace of its Prometheus: the way in is opened from there. */
  readonly namespace: string;
  /** Labels by which it chooses what it takes. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface MeshModel {
  /** Folder with the certificates of whoever asks past its own sidecar. */
  readonly certificates: string;
  /** Names that lead to the sidecars of each observed component. */
  readonly sidecars: readonly string[];
  /** Workloads that are declared to take plain text, too. */
  readonly permissive: readonly string[];
}

/** The identity of a part, for calls that its sidecar does not carry. Names in it are those of services, not hosts: only the issuer is checked. */
export const tlsOf = ({ certificates }: MeshModel) => ({
  ca_file: `${certificates}/root-cert.pem`,
  cert_file: `${certificates}/cert-chain.pem`,
  key_file: `${certificates}/key.pem`,
  insecure_skip_verify: true,
});

/** Names of the parts; those of others are not used. */
export const partsOf = (name: string) => ({
  collector: `${name}-collector`,
  scraper: `${name}-scraper`,
  prometheus: `${name}-prometheus`,
  loki: `${name}-loki`,
  tempo: `${name}-tempo`,
  jaeger: `${name}-jaeger`,
  grafana: `${name}-grafana`,
  alertmanager: `${name}-alertmanager`,
  blackbox: `${name}-blackbox`,
  exporter: (component: string) => `${name}-exporter-${component}`,
});

/** Numbers of the ports, which configurations name as well. */
export const portNumbers = {
  otlpGrpc: 4317,
  otlp: 4318,
  fluent: 24_224,
  collectorMetrics: 8888,
  health: 13_133,
  prometheus: 9090,
  loki: 3100,
  tempo: 3200,
  jaeger: 16_686,
  grafana: 3000,
  alertmanager: 9093,
  blackbox: 9115,
} as const;

/** The store of traces, when there is one. */
export function traceStore({ name, traces }: Pick<StackModel, "name" | "traces">) {
  if (traces === "none") return undefined;
  const workload = partsOf(name)[traces];
  return {
    workload,
    query: portNumbers[traces],
    otlp: { workload, port: "otlp" } satisfies PartPort,
    http: { workload, port: "http" } satisfies PartPort,
  };
}

/** Configuration as text: JSON, which every reader of YAML takes, and which needs no quoting rules of its own. */
export const yamlOf = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Go gives memory back in time when it knows its limit. */
export const goEnv = (memoryMiB: number) => ({ GOMEMLIMIT: `${Math.floor(memoryMiB * 0.85)}MiB` });
