import { filesFolder as folder, tableContainer, tableServer } from "../../src/core/parts.ts";
import { http } from "../../src/core/probe.ts";
import { secretRef, text } from "../../src/core/text.ts";
import type { WorkloadSpec } from "../../src/core/workload.ts";
import { goEnv, partsOf, portNumbers, type StackModel, yamlOf } from "./part.ts";
import { type SettledReceiver, type Severity, secretFile } from "./receivers.ts";

/** Severities that a receiver gets, from the least one upwards. */
const atLeast: Readonly<Record<Severity, string>> = { info: "info|warning|critical", warning: "warning|critical", critical: "critical" };

/** Alerts that say the same of one thing, first the one that says more of it: it mutes the other. */
const worse = {
  ServiceErrorsHigh: "ServiceErrors",
  PostgresConnectionsExhausted: "PostgresConnectionsHigh",
  NatsStorageFull: "NatsStorageHigh",
} as const;

/** What is down is not also told to be slow; and of two limits of one figure only the higher one is told. */
export const inhibitRules = [
  { source_matchers: ['alertname="ComponentDown"'], target_matchers: ['severity=~"warning|info"'], equal: ["component"] },
  ...Object.entries(worse).map(([source, target]) => ({
    source_matchers: [`alertname="${source}"`],
    target_matchers: [`alertname="${target}"`],
    // A label that neither has counts as the same.
    equal: ["component", "server_id"],
  })),
];

/** alertmanager.yaml: each alert goes to every receiver whose severity it reaches. */
const alertmanagerConfig = (receivers: readonly SettledReceiver[]) =>
  yamlOf({
    route: {
      receiver: "nobody",
      group_by: ["alertname", "component"],
      group_wait: "10s",
      group_interval: "1m",
      repeat_interval: "4h",
      routes: receivers.map(({ name, severity }) => ({ receiver: name, matchers: [`severity=~"${atLeast[severity]}"`], continue: true })),
    },
    inhibit_rules: inhibitRules,
    receivers: [{ name: "nobody" }, ...receivers.map(({ name, config }) => ({ name, ...config }))],
  });

export function alertmanager({ name, receivers, sizes }: StackModel): WorkloadSpec {
  const resources = sizes.resources.alerts;
  return {
    ...tableContainer("alertmanager", resources),
    ...tableServer("alertmanager"),
    name: partsOf(name).alertmanager,
    replicas: 1,
    identity: "any",
    env: goEnv(resources.memoryMiB),
    command: [
      `--config.file=${folder}/alertmanager.yaml`,
      "--storage.path=/alertmanager",
      "--data.retention=120h",
      // One of them needs nobody to agree with.
      "--cluster.listen-address=",
    ],
    files: [
      { path: `${folder}/alertmanager.yaml`, content: alertmanagerConfig(receivers) },
      ...receivers.flatMap(({ name: receiver, secret }) =>
        secret === undefined ? [] : [{ path: secretFile(receiver), content: text`${secretRef(receiver)}` }],
      ),
    ],
    volumes: [{ name: "data", path: "/alertmanager", storageGiB: 1, format: "alertmanager-1" }],
    ports: { http: { port: portNumbers.alertmanager, protocol: "http", published: false } },
    probe: http("/-/ready"),
    bindings: receivers.flatMap(({ name: receiver, service }) =>
      service ? [{ key: receiver.replaceAll("-", "_").toUpperCase(), to: service, atOnce: true }] : [],
    ),
    egress: receivers.flatMap(({ egress }) => (egress ? [egress] : [])),
  };
}
