import { filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import { exec } from "../../src/core/probe.ts";
import type { WorkloadSpec } from "../../src/core/workload.ts";
import { goEnv, partsOf, portNumbers, type StackModel, yamlOf } from "./part.ts";

const data = "/loki";

/** loki.yaml: one process, chunks and index on its volume, deleted after the retention. */
const lokiConfig = (retentionDays: number) =>
  yamlOf({
    auth_enabled: false,
    server: { http_listen_port: portNumbers.loki, grpc_listen_address: "127.0.0.1", log_level: "warn" },
    common: {
      instance_addr: "127.0.0.1",
      path_prefix: data,
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: { filesystem: { chunks_directory: `${data}/chunks`, rules_directory: `${data}/rules` } },
    },
    // Nobody else is in the ring, so there is nothing to wait for.
    ingester: { lifecycler: { min_ready_duration: "0s" } },
    schema_config: {
      configs: [{ from: "2024-01-01", store: "tsdb", object_store: "filesystem", schema: "v13", index: { prefix: "index_", period: "24h" } }],
    },
    limits_config: {
      retention_period: `${retentionDays * 24}h`,
      allow_structured_metadata: true,
      volume_enabled: true,
      discover_log_levels: true,
    },
    compactor: { working_directory: `${data}/compactor`, retention_enabled: true, delete_request_store: "filesystem" },
    analytics: { reporting_enabled: false },
  });

export function loki({ name, sizes }: StackModel): WorkloadSpec {
  const resources = sizes.resources.logs;
  return {
    ...tableContainer("loki", resources),
    ...tableServer("loki"),
    name: partsOf(name).loki,
    replicas: 1,
    identity: "any",
    env: goEnv(resources.memoryMiB),
    command: [`-config.file=${folder}/loki.yaml`],
    files: [{ path: `${folder}/loki.yaml`, content: lokiConfig(sizes.retentionDays.logs) }],
    volumes: [{ name: "data", path: data, storageGiB: sizes.storageGiB.logs, format: "loki-v13" }],
    ports: { http: { port: portNumbers.loki, protocol: "http", published: false } },
    probe: exec(["/usr/bin/loki", "-health"], { startSeconds: 60 }),
  };
}
