import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../../../src/core/problems.ts";
import { quietly } from "../../../src/core/quietly.ts";
import type { KubernetesContext } from "../../../src/platforms/kubernetes/context.ts";
import { type CustomManifest, customObject } from "../../../src/platforms/kubernetes/custom-object.ts";
import { metadata, type Part, type Place, selector } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { endpointsOf, isProbed, ruleGroups } from "../catalogue/index.ts";
import { exporterPort } from "../exporters.ts";
import { type Monitors, partsOf, portNumbers, type StackModel, traceStore } from "../part.ts";

/** Pods of a workload that serve figures, under the name of their job. */
interface Monitored {
  readonly job: string;
  readonly system: string;
  readonly workload: string;
  readonly port: number;
  readonly path: string;
}

function monitoredOf(model: StackModel): Monitored[] {
  const { name, observes } = model;
  const { collector, prometheus, loki, alertmanager, exporter } = partsOf(name);
  const own = (workload: string, port: number): Monitored => ({ job: workload, system: name, workload, port, path: "/metrics" });
  const store = traceStore(model);
  return [
    ...observes.flatMap((one) => [
      ...endpointsOf(one).map(({ from: { summary }, path }) => ({
        ...{ job: one.name, system: summary.system, workload: summary.workload },
        ...{ port: summary.port, path },
      })),
      ...(one.exporter ? [{ ...own(exporter(one.name), exporterPort(one.exporter)), job: one.name }] : []),
    ]),
    own(collector, portNumbers.collectorMetrics),
    own(prometheus, portNumbers.prometheus),
    own(loki, portNumbers.loki),
    ...(store ? [own(store.workload, model.traces === "jaeger" ? portNumbers.collectorMetrics : store.query)] : []),
    ...(model.receivers.length > 0 ? [own(alertmanager, portNumbers.alertmanager)] : []),
  ];
}

const partOf = ({ system, workload }: Monitored): Part => ({ system, name: workload, role: "server" });

const podMonitor = (place: Place, model: StackModel, { labels = {} }: Monitors, one: Monitored): CustomManifest => {
  const own = metadata(place, partOf(one));
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { ...own, labels: { ...own.labels, ...labels } },
    spec: {
      selector: { matchLabels: selector(place, partOf(one)) },
      fallbackScrapeProtocol: "PrometheusText0.0.4",
      podMetricsEndpoints: [
        {
          portNumber: one.port,
          path: one.path,
          interval: `${model.scrapeSeconds}s`,
          // The rules know a component by its job, as in the stack's own Prometheus.
          relabelings: [
            { targetLabel: "job", replacement: one.job },
            { sourceLabels: ["__meta_kubernetes_pod_name"], targetLabel: "instance" },
          ],
        },
      ],
    },
  };
};

function prometheusRule(place: Place, { name, observes }: StackModel, { labels = {} }: Monitors): CustomManifest {
  const own = metadata(place, { system: name, name: `${name}-rules`, role: "files" });
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { ...own, labels: { ...own.labels, ...labels } },
    spec: { groups: ruleGroups(observes, { selfName: name }) },
  };
}

/** The operator's Prometheus is nobody's client by a binding: its namespace is let in, to these figures alone. */
const monitorAdmission = (place: Place, { namespace }: Monitors, one: Monitored): networking.v1.NetworkPolicy => ({
  metadata: metadata(place, partOf(one), `monitors-to-${one.workload}`),
  spec: {
    podSelector: { matchLabels: selector(place, partOf(one)) },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
        ports: [{ protocol: "TCP", port: one.port }],
      },
    ],
  },
});

export function monitorObjects(context: KubernetesContext, parent: pulumi.Resource, model: StackModel, monitors: Monitors): void {
  const { place } = context;
  quietly(() => {
    customObject(`${model.name}-rules`, prometheusRule(place, model, monitors), context.child(parent));
    for (const one of monitoredOf(model)) {
      customObject(`${model.name}-monitor-${one.workload}`, podMonitor(place, model, monitors, one), context.child(parent));
      new NetworkPolicy(`${model.name}-monitors-to-${one.workload}`, monitorAdmission(place, monitors, one), context.child(parent));
    }
  });
}

export const monitorsInMesh = (component: string, monitors: Monitors): Problem => ({
  component,
  path: "monitors",
  value: monitors,
  rule: "a stack without a mesh: with STRICT nobody without an identity of this mesh is answered, and an operator's Prometheus has none",
  fix: "leave it out; the stack's own Prometheus scrapes with its identity",
});

/** What only the stack's own Prometheus sees. */
export const unmonitored = (model: StackModel): string[] => {
  const names = model.observes.filter(isProbed).map(({ name }) => name);
  return names.length === 0
    ? []
    : [`${names.join(", ")}: the health of what serves no figures is asked by the stack's own Prometheus, not by that of monitors`];
};
