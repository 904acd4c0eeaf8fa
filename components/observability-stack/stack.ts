import type { ConnectionSpec } from "../../src/core/connection.ts";
import { lastingOf } from "../../src/core/credential-names.ts";
import { digestOf } from "../../src/core/parts.ts";
import type { Ask, SystemSpec } from "../../src/core/system.ts";
import { alertmanager } from "./alertmanager.ts";
import { blackbox } from "./blackbox.ts";
import { checkJobs } from "./checks.ts";
import { collector } from "./collector.ts";
import { exporterOf } from "./exporters.ts";
import { administrator, grafana, grafanaSecrets } from "./grafana.ts";
import { loki } from "./loki.ts";
import { partsOf, portNumbers, type StackModel, traceStore } from "./part.ts";
import { prometheus } from "./prometheus.ts";
import { traces } from "./traces.ts";

/** The parts of a stack, from its model: a target that finds replicas or gets logs in another way has another model. */
export function stackOf(model: StackModel): Omit<SystemSpec, "problems" | "warnings"> {
  const { name, profile } = model;
  const parts = partsOf(name);
  const asking = [...model.observes.flatMap((one) => exporterOf(model, one) ?? []), ...[blackbox(model)].filter((part) => part !== undefined)];
  const main = collector(model);
  const beside = [
    prometheus(model, asking),
    loki(model),
    ...[traces(model)].filter((part) => part !== undefined),
    grafana(model),
    ...(model.receivers.length > 0 ? [alertmanager(model)] : []),
    ...asking,
  ];
  const store = traceStore(model);
  const secrets: SystemSpec["secrets"] = {
    [grafanaSecrets.admin]: { use: `administrator of ${parts.grafana}` },
    [grafanaSecrets.encryption]: { use: `key of what ${parts.grafana} encrypts`, lasting: "what Grafana keeps is encrypted with it" },
    ...Object.fromEntries(
      model.receivers.flatMap(({ name: receiver, secret }) =>
        secret === undefined ? [] : [[receiver, { use: `receiver ${receiver} of ${parts.alertmanager}`, given: secret }]],
      ),
    ),
  };
  return {
    kind: "ObservabilityStack",
    name,
    digest: { ...digestOf("ObservabilityStack", profile, main, beside), ...lastingOf(name, secrets) },
    secrets,
    workloads: [main, ...beside],
    jobs: checkJobs(model),
    connections: {
      otlp: { scheme: "http", workload: parts.collector, port: "otlp", env: otlpEnv },
      prometheus: { scheme: "http", workload: parts.prometheus, port: "http" },
      loki: { scheme: "http", workload: parts.loki, port: "http" },
      ...(store ? { traces: { scheme: "http", ...store.http } } : {}),
      grafana: { scheme: "http", workload: parts.grafana, port: "http", username: administrator, secret: grafanaSecrets.admin },
    },
    ...(model.logs === "daemon" ? { collectsLogs: { workload: parts.collector, port: "fluent" } } : {}),
    asks: asksOf(model),
    model,
  };
}

/** Arguments about parts that are not there on every target. */
export function asksOf({ monitors, given }: StackModel): Ask[] {
  const { traces, retentionDays = {}, storageGiB = {}, memoryMiB = {}, aws } = given;
  const sizes = Object.entries({ retentionDays, storageGiB }).flatMap(([path, values]) =>
    Object.entries(values).map(([store, value]): Ask => ({ capability: "telemetryStores", path: `${path}.${store}`, value })),
  );
  return [
    ...(monitors ? [{ capability: "monitors" as const, path: "monitors", value: monitors }] : []),
    ...(traces === undefined || traces === "none" ? [] : [{ capability: "traceStore" as const, path: "traces", value: traces }]),
    ...sizes,
    ...Object.entries(memoryMiB).flatMap(([part, value]): Ask[] =>
      part === "collector" || part === "exporter" ? [] : [{ capability: "telemetryStores", path: `memoryMiB.${part}`, value }],
    ),
    ...(aws ? [{ capability: "managedTelemetry" as const, path: "aws", value: aws }] : []),
    ...(aws?.grafana === undefined ? [] : [{ capability: "managedGrafana" as const, path: "aws.grafana", value: aws.grafana }]),
  ];
}

/** Variables that the SDKs of OpenTelemetry read by themselves. */
export const otlpEnv: NonNullable<ConnectionSpec["env"]> = ({ host, port }) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}:${port}`,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
});

/** The way to a collector that is made later. */
export const otlpAhead = (name: string) => ({
  system: name,
  workload: partsOf(name).collector,
  scheme: "http",
  port: portNumbers.otlp,
  env: otlpEnv,
});
