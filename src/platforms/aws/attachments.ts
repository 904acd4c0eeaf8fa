import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../../core/connection.ts";
import { probeTimings } from "../../core/probe.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import type { AwsContext } from "./context.ts";

/** A load balancer sends requests to a port of a service. */
export interface Attachment {
  /** ARN of the target group that tasks are registered in. */
  readonly targetGroup: pulumi.Output<string>;
  readonly port: number;
  /** Longest that its routes wait for an answer. */
  readonly timeoutSeconds: number;
  /** Alarm on failing answers of the service as the load balancer counts them: its rollout goes back when it rings. */
  readonly alarm: pulumi.Input<string>;
  /** What has to be there before a task is registered: ECS refuses a group that no load balancer has. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Which services load balancers send requests to. A service names its target groups, but gateways are declared after the
 * services behind them; so services get them as Outputs, which `settle` resolves when the topology is complete.
 */
export class Attachments {
  readonly #settled = Promise.withResolvers<true>();
  readonly #services = new Map<string, WorkloadSpec>();
  readonly #attached = new Map<string, Attachment[]>();

  /** The service behind a name, once it is made. */
  serviceNamed(workload: string): WorkloadSpec | undefined {
    return this.#services.get(workload);
  }

  attach(workload: string, attachment: Attachment): void {
    this.#attached.set(workload, [...(this.#attached.get(workload) ?? []), attachment]);
  }

  settle(): void {
    this.#settled.resolve(true);
  }

  /** Inputs of the service; without a load balancer there are none. */
  of(spec: WorkloadSpec) {
    this.#services.set(spec.name, spec);
    const { startSeconds, intervalSeconds, retries } = probeTimings(spec.probe);
    const settled = pulumi.output(this.#settled.promise);
    const attached = () => this.#attached.get(spec.name) ?? [];
    const ifAttached = <V>(value: () => V) => settled.apply(() => (attached().length > 0 ? value() : undefined));
    return {
      loadBalancers: ifAttached(() =>
        attached().map(({ targetGroup, port }) => ({ targetGroupArn: targetGroup, containerName: spec.name, containerPort: port })),
      ),
      /** While it starts, what the load balancer finds does not count. */
      healthCheckGracePeriodSeconds: ifAttached(() => startSeconds + intervalSeconds * retries),
      /** Names of the alarms that take a rollout back. */
      alarms: settled.apply(() => attached().map(({ alarm }) => alarm)),
      /** Requests come through the proxy of the service, which must not give up before its routes do. */
      timeoutSeconds: settled.apply(() => Math.max(0, ...attached().map(({ timeoutSeconds }) => timeoutSeconds))),
      ready: settled.apply(() => attached().flatMap(({ ready }) => [...ready])) as Ready,
    };
  }
}

export const attachments = (context: AwsContext): Attachments => context.once("attachments", () => new Attachments());
