import type { Profile } from "../../src/core/profile.ts";
import type { Resources } from "../../src/core/workload.ts";

/** The parts of a stack whose memory can be set; `exporter` is each one of them. */
export const partNames = ["collector", "metrics", "logs", "traces", "dashboards", "alerts", "exporter"] as const;
export type PartName = (typeof partNames)[number];

/** The parts that keep data. */
export const storeNames = ["metrics", "logs", "traces"] as const;
export type StoreName = (typeof storeNames)[number];

interface Sizes {
  readonly memoryMiB: Readonly<Record<PartName, number>>;
  readonly retentionDays: Readonly<Record<"metrics" | "traces", number>>;
  readonly cpus: number;
}

/**
 * What a profile gives. In dev all parts together stay below 2 GiB with three exporters, so that they fit beside the rest on
 * a laptop. Grafana 13 idles above 300 MiB, with a process for each of its data sources; Tempo wants 512.
 */
const byProfile: Readonly<Record<Profile["name"], Sizes>> = {
  dev: {
    memoryMiB: { collector: 160, metrics: 320, logs: 256, traces: 512, dashboards: 512, alerts: 48, exporter: 64 },
    retentionDays: { metrics: 7, traces: 2 },
    cpus: 0.5,
  },
  staging: {
    memoryMiB: { collector: 512, metrics: 1024, logs: 1024, traces: 1024, dashboards: 512, alerts: 128, exporter: 64 },
    retentionDays: { metrics: 30, traces: 7 },
    cpus: 1,
  },
  prod: {
    memoryMiB: { collector: 1024, metrics: 4096, logs: 2048, traces: 2048, dashboards: 1024, alerts: 256, exporter: 128 },
    retentionDays: { metrics: 90, traces: 14 },
    cpus: 2,
  },
};

export interface SizeArgs {
  readonly memoryMiB?: Partial<Readonly<Record<PartName, number>>>;
  readonly retentionDays?: Partial<Readonly<Record<StoreName, number>>>;
  readonly storageGiB?: Partial<Readonly<Record<StoreName, number>>>;
}

export interface SettledSizes {
  readonly resources: Readonly<Record<PartName, Resources>>;
  readonly retentionDays: Readonly<Record<StoreName, number>>;
  readonly storageGiB: Readonly<Record<StoreName, number>>;
}

export function sizesOf(profile: Profile, given: SizeArgs): SettledSizes {
  const { memoryMiB, retentionDays, cpus } = byProfile[profile.name];
  const own = (part: PartName): Resources => ({
    memoryMiB: given.memoryMiB?.[part] ?? memoryMiB[part],
    cpus: part === "exporter" || part === "alerts" ? 0.25 : cpus,
  });
  return {
    resources: record(partNames, own),
    retentionDays: { ...retentionDays, logs: profile.logDays, ...given.retentionDays },
    storageGiB: record(storeNames, (store) => given.storageGiB?.[store] ?? profile.storageGiB),
  };
}

const record = <K extends string, V>(keys: readonly K[], value: (key: K) => V) =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;
