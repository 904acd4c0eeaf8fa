import { filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import { http } from "../../src/core/probe.ts";
import type { PortSpec, WorkloadSpec } from "../../src/core/workload.ts";
import { goEnv, partsOf, portNumbers, type StackModel, traceStore, yamlOf } from "./part.ts";

type Part = Readonly<Record<string, unknown>>;

/** `service.name` of containers that belong to no observed component. */
export const unobserved = "unobserved";

/** Each record of a container has the tag `<component>/<part>`. */
const containerStatements = [
  'set(log.attributes["container.name"], log.attributes["fluent.tag"])',
  'replace_pattern(log.attributes["container.name"], "^[^/]*/", "")',
];
const dropTags = 'delete_matching_keys(log.attributes, "^(fluent\\\\.tag|container_id|container_name)$")';

/** The level and the trace of a JSON line become fields of the record, so that Loki finds them without parsing. */
export const jsonStatements = [
  'merge_maps(log.cache, ParseJSON(log.body), "upsert") where IsString(log.body) and IsMatch(log.body, "^\\\\s*\\\\{")',
  'set(log.severity_text, log.cache["level"]) where IsString(log.cache["level"])',
  'set(log.severity_text, log.cache["severity"]) where log.severity_text == "" and IsString(log.cache["severity"])',
  'set(log.trace_id.string, log.cache["trace_id"]) where IsString(log.cache["trace_id"]) and IsMatch(log.cache["trace_id"], "^[0-9a-f]{32}$")',
  'set(log.span_id.string, log.cache["span_id"]) where IsString(log.cache["span_id"]) and IsMatch(log.cache["span_id"], "^[0-9a-f]{16}$")',
];

/** Everything that comes in by one connection is one resource, so a component gets its name in a pipeline of its own. */
function containerPipelines(components: readonly string[]): { processors: Part; pipelines: Part } {
  const tagged = (name: string) => `IsMatch(log.attributes["fluent.tag"], "^${name}/")`;
  const pipeline = (name: string) => ({
    receivers: ["fluent_forward"],
    processors: ["memory_limiter", `filter/${name}`, `resource/${name}`, "transform/containers", "batch"],
    exporters: ["otlp_http/logs"],
  });
  const drops = (name: string) => (name === unobserved ? components.map(tagged) : [`log.attributes["fluent.tag"] == nil or not ${tagged(name)}`]);
  const names = [...components, unobserved];
  const filters = names.filter((name) => drops(name).length > 0);
  return {
    processors: {
      "transform/containers": { error_mode: "ignore", log_statements: [...containerStatements, ...jsonStatements, dropTags] },
      ...Object.fromEntries(filters.map((name) => [`filter/${name}`, { error_mode: "ignore", log_conditions: drops(name) }])),
      ...Object.fromEntries(names.map((name) => [`resource/${name}`, { attributes: [{ key: "service.name", value: name, action: "upsert" }] }])),
    },
    pipelines: Object.fromEntries(
      names.map((name) => {
        const { processors, ...rest } = pipeline(name);
        return [`logs/${name}`, { ...rest, processors: processors.filter((one) => one !== `filter/${name}` || filters.includes(name)) }];
      }),
    ),
  };
}

/** An exporter that keeps what it cannot hand over yet, and tries again. */
export const handsOver = (endpoint: string): Part => ({
  endpoint,
  tls: { insecure: true },
  sending_queue: { enabled: true, queue_size: 1000 },
  retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "15s", max_elapsed_time: "300s" },
});

/** collector.yaml: what SDKs send and what containers print, each to its store. */
function collectorConfig(model: StackModel): string {
  const { loki, prometheus } = partsOf(model.name);
  const store = traceStore(model);
  const containers = model.logs === "daemon" ? containerPipelines(model.observes.map(({ name }) => name)) : undefined;
  const fromSdks = (exporter: string) => ({ receivers: ["otlp"], processors: ["memory_limiter", "batch"], exporters: [exporter] });
  return yamlOf({
    extensions: { health_check: { endpoint: `0.0.0.0:${portNumbers.health}` } },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${portNumbers.otlpGrpc}` }, http: { endpoint: `0.0.0.0:${portNumbers.otlp}` } } },
      ...(containers ? { fluent_forward: { endpoint: `0.0.0.0:${portNumbers.fluent}` } } : {}),
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 25 },
      batch: { timeout: "1s", send_batch_size: 1000, send_batch_max_size: 2000 },
      ...containers?.processors,
    },
    exporters: {
      "otlp_http/logs": handsOver(`http://${loki}:${portNumbers.loki}/otlp`),
      "otlp_http/metrics": handsOver(`http://${prometheus}:${portNumbers.prometheus}/api/v1/otlp`),
      ...(store ? { "otlp_http/traces": handsOver(`http://${store.workload}:${portNumbers.otlp}`) } : { debug: { verbosity: "basic" } }),
    },
    service: {
      extensions: ["health_check"],
      telemetry: {
        logs: { level: "warn" },
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: portNumbers.collectorMetrics } } } }] },
      },
      pipelines: {
        ...containers?.pipelines,
        "logs/sdk": fromSdks("otlp_http/logs"),
        metrics: fromSdks("otlp_http/metrics"),
        // SDKs send traces whether somebody keeps them or not.
        traces: fromSdks(store ? "otlp_http/traces" : "debug"),
      },
    },
  });
}

export function collector(model: StackModel): WorkloadSpec {
  const { collector: name, loki, prometheus } = partsOf(model.name);
  const resources = model.sizes.resources.collector;
  const store = traceStore(model);
  const inner = (port: number, protocol: PortSpec["protocol"]): PortSpec => ({ port, protocol, published: false });
  return {
    ...tableContainer("otel-collector", resources),
    ...tableServer("otel-collector"),
    name,
    replicas: model.copies,
    identity: "any",
    env: goEnv(resources.memoryMiB),
    command: ["--config", `${folder}/collector.yaml`],
    files: [{ path: `${folder}/collector.yaml`, content: collectorConfig(model) }],
    volumes: [],
    ports: {
      otlp: inner(portNumbers.otlp, "http"),
      "otlp-grpc": inner(portNumbers.otlpGrpc, "grpc"),
      // The daemon itself connects to it, from outside all networks.
      ...(model.logs === "daemon" ? { fluent: { port: portNumbers.fluent, protocol: "tcp" as const, published: true } } : {}),
      health: inner(portNumbers.health, "http"),
      metrics: inner(portNumbers.collectorMetrics, "http"),
    },
    probe: http("/", { port: "health" }),
    reaches: [{ workload: loki, port: "http" }, { workload: prometheus, port: "http" }, ...(store ? [store.otlp] : [])],
  };
}
