import type { Observed } from "../../src/core/observed.ts";
import { questionOf } from "./blackbox.ts";
import { endpointsOf, isProbed } from "./catalogue/index.ts";
import { exporterPort } from "./exporters.ts";
import { partsOf, portNumbers, type StackModel, traceStore } from "./part.ts";
import type { Whereabouts } from "./replicas.ts";

/** A group of endpoints of one job. */
export interface Target {
  readonly path: string;
  readonly port: number;
  /** Hosts with the label `instance`, which stays when an address changes; or one name for all there are. */
  readonly where: Whereabouts;
  /** How many there are by the plan. */
  readonly expected: number;
  /** Set when another is asked about them: its address, and the question. */
  readonly through?: Through;
  /** Of this process itself. */
  readonly self?: true;
}

export interface Through {
  readonly address: string;
  readonly module: string;
  readonly at: (host: string) => string;
}

/** What is scraped: a job per observed component, under its name, and one per part of the stack itself. */
export function scrapeJobs(model: StackModel): Record<string, readonly Target[]> {
  const observed = model.observes.map((one) => [one.name, targetsOf(model, one)] as const).filter(([, targets]) => targets.length > 0);
  return { ...Object.fromEntries(observed), ...ownJobs(model) };
}

function targetsOf({ name: stack, find, mesh }: StackModel, observed: Observed): Target[] {
  const { name, replicas, named, grows, exporter, health } = observed;
  const targets: Target[] = endpointsOf(observed).map(({ from, path, ...endpoint }) => ({
    path,
    port: from.summary.port,
    where: find({ workload: from.summary.workload, named, grows, ...endpoint }),
    expected: endpoint.replicas,
  }));
  if (exporter)
    targets.push({ path: "/metrics", port: exporterPort(exporter), where: { hosts: { [partsOf(stack).exporter(name)]: name } }, expected: 1 });
  if (health && isProbed(observed)) {
    const { workload, port } = health.from.summary;
    const through = { address: `${partsOf(stack).blackbox}:${portNumbers.blackbox}`, ...questionOf(health, mesh !== undefined) };
    targets.push({ path: "/probe", port, where: find({ workload, replicas, named, grows }), expected: replicas, through });
  }
  return targets;
}

function ownJobs(model: StackModel): Record<string, readonly Target[]> {
  const { collector, prometheus, loki, alertmanager, blackbox } = partsOf(model.name);
  const own = (host: string, port: number): Target[] => [{ path: "/metrics", port, where: { hosts: { [host]: host } }, expected: 1 }];
  const store = traceStore(model);
  return {
    [collector]: own(collector, portNumbers.collectorMetrics),
    [prometheus]: own("127.0.0.1", portNumbers.prometheus).map((target) => ({
      ...target,
      where: { hosts: { "127.0.0.1": prometheus } },
      self: true as const,
    })),
    [loki]: own(loki, portNumbers.loki),
    ...(store ? { [store.workload]: own(store.workload, model.traces === "jaeger" ? portNumbers.collectorMetrics : store.query) } : {}),
    ...(model.receivers.length > 0 ? { [alertmanager]: own(alertmanager, portNumbers.alertmanager) } : {}),
    ...(model.observes.some(isProbed) ? { [blackbox]: own(blackbox, portNumbers.blackbox) } : {}),
  };
}
