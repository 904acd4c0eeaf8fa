import { filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import { http } from "../../src/core/probe.ts";
import type { WorkloadSpec } from "../../src/core/workload.ts";
import { goEnv, partsOf, portNumbers, type StackModel, yamlOf } from "./part.ts";

const everywhere = (port: number) => `0.0.0.0:${port}`;
const otlpReceiver = { otlp: { protocols: { http: { endpoint: everywhere(portNumbers.otlp) } } } };

/** tempo.yaml, in the form of Tempo 3: one process, blocks on its volume. */
function tempoConfig(retentionDays: number): string {
  const data = "/var/tempo";
  const compaction = { block_retention: `${retentionDays * 24}h` };
  return yamlOf({
    stream_over_http_enabled: true,
    server: { http_listen_port: portNumbers.tempo, log_level: "warn" },
    distributor: { receivers: otlpReceiver },
    storage: { trace: { backend: "local", wal: { path: `${data}/wal` }, local: { path: `${data}/blocks` } } },
    live_store: { wal: { path: `${data}/live-store/traces` }, shutdown_marker_dir: `${data}/live-store/shutdown` },
    backend_scheduler: { local_work_path: `${data}/work`, provider: { compaction: { compaction } } },
    backend_worker: { compaction },
    usage_report: { reporting_enabled: false },
  });
}

/** jaeger.yaml, in the form of Jaeger 2: a collector with a store on its volume. */
const jaegerConfig = (retentionDays: number) =>
  yamlOf({
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] } },
      telemetry: {
        logs: { level: "warn" },
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: portNumbers.collectorMetrics } } } }] },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: everywhere(portNumbers.health) } },
      jaeger_query: { storage: { traces: "kept" }, http: { endpoint: everywhere(portNumbers.jaeger) } },
      jaeger_storage: {
        backends: {
          kept: {
            badger: { ephemeral: false, directories: { keys: "/badger/keys", values: "/badger/values" }, ttl: { spans: `${retentionDays * 24}h` } },
          },
        },
      },
    },
    receivers: otlpReceiver,
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: "kept" } },
  });

/** The store of traces. */
export function traces({ name, profile, sizes, traces: store }: StackModel): WorkloadSpec | undefined {
  if (store === "none") return undefined;
  const resources = sizes.resources.traces;
  const storageGiB = sizes.storageGiB.traces;
  const days = sizes.retentionDays.traces;
  const otlp = { port: portNumbers.otlp, protocol: "http", published: false } as const;
  const common = {
    ...tableContainer(store, resources),
    ...tableServer(store),
    name: partsOf(name)[store],
    replicas: 1,
    identity: "any",
    env: goEnv(resources.memoryMiB),
  } as const;
  if (store === "tempo") {
    return {
      ...common,
      command: [`-config.file=${folder}/tempo.yaml`],
      files: [{ path: `${folder}/tempo.yaml`, content: tempoConfig(days) }],
      volumes: [{ name: "data", path: "/var/tempo", storageGiB, format: "tempo-3" }],
      ports: { http: { port: portNumbers.tempo, protocol: "http", published: false }, otlp },
      probe: http("/ready", { port: "http", startSeconds: 60 }),
    };
  }
  return {
    ...common,
    command: ["--config", `${folder}/jaeger.yaml`],
    files: [{ path: `${folder}/jaeger.yaml`, content: jaegerConfig(days) }],
    volumes: [{ name: "data", path: "/badger", storageGiB, format: "jaeger-badger-4" }],
    ports: {
      // Its pages: Tempo has none of its own.
      http: { port: portNumbers.jaeger, protocol: "http", published: profile.publishData },
      otlp,
      health: { port: portNumbers.health, protocol: "http", published: false },
      metrics: { port: portNumbers.collectorMetrics, protocol: "http", published: false },
    },
    probe: http("/status", { port: "health", startSeconds: 60 }),
  };
}
