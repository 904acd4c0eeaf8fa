import { handsOver, jsonStatements, unobserved } from "../collector.ts";
import { partsOf, portNumbers, type StackModel, yamlOf } from "../part.ts";

/** Where the kubelet keeps what containers print: `<namespace>_<pod>_<uid>/<container>/<restarts>.log`. */
export const podLogs = "/var/log/pods";
/** Where the agent remembers how far it has read. */
export const positions = "/var/lib/positions";

/**
 * The component is known by the name of the pod, and the longest name that fits is the right one: pods of `api-cache` are
 * not those of `api`. The replica stays in `container.name`, as on Docker. Nobody asks the API server, so no right is needed.
 */
function componentStatements(components: readonly string[]): string[] {
  const byLength = [...new Set(components)].toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const pod = 'resource.attributes["k8s.pod.name"]';
  return [
    `set(resource.attributes["service.name"], "${unobserved}")`,
    ...byLength.map((name) => `set(resource.attributes["service.name"], "${name}") where IsMatch(${pod}, "^${name}-")`),
    // What else is known of the pod would make streams of its own in the store.
    'keep_keys(resource.attributes, ["service.name"])',
  ];
}

const containerStatements = [
  'set(log.attributes["container.name"], resource.attributes["k8s.pod.name"])',
  'set(log.attributes["k8s.container.name"], resource.attributes["k8s.container.name"])',
  'delete_matching_keys(log.attributes, "^(log\\\\.file\\\\.path|log\\\\.iostream|logtag|time)$")',
];

export interface AgentPlace {
  /** Namespace whose pods are read. */
  readonly namespace: string;
  /** Domain of the cluster's names. */
  readonly clusterDomain: string;
}

/** agent.yaml: each line of the stack's pods to its collector, and the next only when that one is taken. */
export function agentConfig(model: StackModel, { namespace, clusterDomain }: AgentPlace): string {
  const { exporter: _, ...own } = partsOf(model.name);
  const ofStack = [...Object.values(own), `${model.name}-exporter`, `${model.name}-check`];
  const { sending_queue: _queue, ...toCollector } = handsOver(`http://${own.collector}.${namespace}.svc.${clusterDomain}:${portNumbers.otlp}`);
  return yamlOf({
    extensions: {
      health_check: { endpoint: `0.0.0.0:${portNumbers.health}` },
      file_storage: { directory: positions },
    },
    receivers: {
      file_log: {
        include: [`${podLogs}/${namespace}_*/*/*.log`],
        // Lines about lines would never end; the parts of the stack keep theirs, as on Docker.
        exclude: ofStack.map((part) => `${podLogs}/${namespace}_${part}-*/*/*.log`),
        // After a restart nothing is skipped; what the store has already it keeps once.
        start_at: "beginning",
        include_file_path: true,
        include_file_name: false,
        // A long line comes in pieces, and a piece may end with a space.
        preserve_trailing_whitespaces: true,
        poll_interval: "1s",
        storage: "file_storage",
        operators: [{ type: "container", add_metadata_from_filepath: true }],
      },
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 25 },
      "transform/lines": { error_mode: "ignore", log_statements: [...containerStatements, ...jsonStatements] },
      "transform/component": { error_mode: "ignore", log_statements: componentStatements(model.observes.map(({ name }) => name)) },
    },
    exporters: {
      // No queue in between: a position is remembered only when the collector has the lines, and files wait for it longest.
      "otlp_http/collector": {
        ...toCollector,
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "15s", max_elapsed_time: "0s" },
      },
    },
    service: {
      extensions: ["health_check", "file_storage"],
      telemetry: { logs: { level: "warn" }, metrics: { level: "none" } },
      pipelines: {
        logs: {
          receivers: ["file_log"],
          processors: ["memory_limiter", "transform/lines", "transform/component"],
          exporters: ["otlp_http/collector"],
        },
      },
    },
  });
}
