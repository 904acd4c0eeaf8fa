import * as pulumi from "@pulumi/pulumi";
import { confined } from "./container.ts";

/** Where the daemon sends what containers print: a port of this machine. */
interface Collector {
  /** System that collects; its own containers keep their logs, or they would feed themselves. */
  readonly system: string;
  readonly address: string;
}

const kept = { logDriver: confined.logDriver, logOpts: confined.logOpts };

/**
 * Where the logs of containers go. Whether somebody collects them is known only when the topology is complete, so
 * containers get it as an Output, which `settle` resolves.
 */
export class Logs {
  readonly #settled = Promise.withResolvers<Collector | undefined>();
  #collector: Collector | undefined;

  collect(collector: Collector): void {
    this.#collector = collector;
  }

  settle(): void {
    this.#settled.resolve(this.#collector);
  }

  /** Driver and options of the containers of a workload. */
  of(system: string, workload: string) {
    const choice = pulumi
      .output(this.#settled.promise)
      .apply((collector) => (collector && collector.system !== system ? sent(collector, system, workload) : kept));
    return { logDriver: choice.logDriver, logOpts: choice.logOpts };
  }
}

/** Asynchronous: no container waits for the collector, or stops when it is gone. `docker logs` goes on working from the daemon's cache. */
const sent = ({ address }: Collector, system: string, workload: string) => ({
  logDriver: "fluentd",
  logOpts: {
    "fluentd-address": address,
    "fluentd-async": "true",
    // A published port takes connections before the collector behind it does; without an answer a line counts as not sent.
    "fluentd-request-ack": "true",
    "fluentd-sub-second-precision": "true",
    // Lines of each container that the daemon holds in its memory while nobody takes them; of itself it would hold a million.
    "fluentd-buffer-limit": "16384",
    tag: `${system}/${workload}`,
  } as Record<string, string>,
});
