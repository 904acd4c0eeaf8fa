import type { Observed } from "../../src/core/observed.ts";
import { questions } from "./blackbox.ts";
import { isProbed } from "./catalogue/index.ts";
import { exporterPort } from "./exporters.ts";
import { replicaHosts } from "./hosts.ts";
import { partsOf, portNumbers, type StackModel, traceStore } from "./part.ts";

/** A group of endpoints of one job. */
export interface Target {
  readonly path: string;
  readonly port: number;
  /** Host and the label `instance`, which stays when an address changes. */
  readonly instances: Readonly<Record<string, string>>;
  /** Of the question, where it has any. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What is scraped: a job per observed component, under its name, and one per part of the stack itself. */
export function scrapeJobs(model: StackModel): Record<string, readonly Target[]> {
  const observed = model.observes.map((one) => [one.name, targetsOf(model.name, one)] as const).filter(([, targets]) => targets.length > 0);
  return { ...Object.fromEntries(observed), ...ownJobs(model) };
}

function targetsOf(stack: string, observed: Observed): Target[] {
  const { name, replicas, metrics, exporter, health } = observed;
  const targets: Target[] = [];
  if (metrics) {
    // By name and not by what a lookup gives: a replica that is down must be seen as down, not be forgotten.
    const hosts = replicaHosts(metrics.from.summary.workload, replicas);
    targets.push({ path: metrics.path, port: metrics.from.summary.port, instances: Object.fromEntries(hosts.map((host) => [host, host])) });
  }
  if (exporter) targets.push({ path: "/metrics", port: exporterPort(exporter), instances: { [partsOf(stack).exporter(name)]: name } });
  if (health && isProbed(observed)) {
    const asked = Object.entries(questions(health, replicas));
    const { blackbox } = partsOf(stack);
    targets.push(...asked.map(([host, parameters]) => ({ path: "/probe", port: portNumbers.blackbox, instances: { [blackbox]: host }, parameters })));
  }
  return targets;
}

function ownJobs(model: StackModel): Record<string, readonly Target[]> {
  const { collector, prometheus, loki, alertmanager, blackbox } = partsOf(model.name);
  const own = (host: string, port: number): Target[] => [{ path: "/metrics", port, instances: { [host]: host } }];
  const store = traceStore(model);
  return {
    [collector]: own(collector, portNumbers.collectorMetrics),
    [prometheus]: own("127.0.0.1", portNumbers.prometheus).map((target) => ({ ...target, instances: { "127.0.0.1": prometheus } })),
    [loki]: own(loki, portNumbers.loki),
    ...(store ? { [store.workload]: own(store.workload, model.traces === "jaeger" ? portNumbers.collectorMetrics : store.query) } : {}),
    ...(model.receivers.length > 0 ? { [alertmanager]: own(alertmanager, portNumbers.alertmanager) } : {}),
    ...(model.observes.some(isProbed) ? { [blackbox]: own(blackbox, portNumbers.blackbox) } : {}),
  };
}
