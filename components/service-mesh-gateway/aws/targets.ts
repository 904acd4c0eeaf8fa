import type { TargetGroupArgs } from "@pulumi/aws/lb/targetGroup.js";
import { probeTimings } from "../../../src/core/probe.ts";
import type { WorkloadSpec } from "../../../src/core/workload.ts";
import { probePort } from "../../../src/platforms/aws/probe.ts";
import type { Route, Upstream } from "../model.ts";

/** A port of a service that routes lead to. Several routes share it. */
export interface Target {
  readonly workload: string;
  readonly port: number;
  readonly to: Upstream["to"];
}

export const targetKey = ({ to }: Pick<Target, "to">): string => `${to.summary.workload}-${to.summary.port}`;

export function targetsOf(routes: readonly Route[]): Target[] {
  const all = routes.flatMap(({ upstreams }) => upstreams.map(({ to }) => ({ workload: to.summary.workload, port: to.summary.port, to })));
  return [...new Map(all.map((target) => [targetKey(target), target])).values()];
}

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Ports of the service that the load balancer must reach: where requests go, and where it asks whether the service is well. */
export function reachedPorts({ port }: Pick<Target, "port">, service: WorkloadSpec): number[] {
  const asked = service.probe.kind === "http" ? probePort(service) : port;
  return [...new Set([port, asked])];
}

/** How requests are spread over the tasks of a service, and when one of them gets none. */
export function targetGroupArgs({ port }: Pick<Target, "port">, service: WorkloadSpec) {
  const { probe, stopSeconds } = service;
  const { intervalSeconds, timeoutSeconds, retries } = probeTimings(probe);
  const interval = within(intervalSeconds, 5, 300);
  return {
    targetType: "ip",
    ipAddressType: "ipv4",
    protocol: "HTTP",
    protocolVersion: "HTTP1",
    port,
    // Requests on their way have as long as the task has to stop.
    deregistrationDelay: stopSeconds,
    loadBalancingAlgorithmType: "least_outstanding_requests",
    slowStart: 0,
    stickiness: { enabled: false, type: "lb_cookie" },
    healthCheck: {
      enabled: true,
      protocol: "HTTP",
      interval,
      timeout: within(timeoutSeconds, 2, Math.min(120, interval - 1)),
      healthyThreshold: 2,
      unhealthyThreshold: within(retries, 2, 10),
      // A probe that is no request says nothing about paths: then any answer is one of a server that is there.
      ...(probe.kind === "http"
        ? { path: probe.path, port: String(probePort(service)), matcher: "200-399" }
        : { path: "/", port: String(port), matcher: "200-499" }),
    },
  } satisfies TargetGroupArgs;
}
