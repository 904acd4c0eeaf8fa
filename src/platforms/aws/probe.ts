import { type Probe, probeTimings } from "../../core/probe.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import type { ContainerDefinition } from "./container.ts";

/**
 * Where a probe runs. `inside`: the image holds the program. `beside`: a small container of the same task asks over the
 * loopback that they share, for images of which nothing is known. The task is healthy when both are.
 */
export function probePlace({ probe, tools }: Pick<WorkloadSpec, "probe" | "tools">): "inside" | "beside" {
  switch (probe.kind) {
    case "exec":
      return "inside";
    case "http":
      return tools.includes("wget") || tools.includes("curl") ? "inside" : "beside";
    case "tcp":
      return tools.includes("nc") ? "inside" : "beside";
  }
}

/** Limits of ECS. What lies beyond them is reported; only a shorter interval is rounded up. */
export const healthCheckLimits = { intervalSeconds: [5, 300], timeoutSeconds: [2, 60], retries: [1, 10], startSeconds: [0, 300] } as const;

export function healthCheck(probe: Probe, tools: readonly string[], port: number): NonNullable<ContainerDefinition["healthCheck"]> {
  const { intervalSeconds, timeoutSeconds, retries, startSeconds } = probeTimings(probe);
  return {
    command: ["CMD", ...command(probe, tools, port)],
    interval: Math.max(healthCheckLimits.intervalSeconds[0], intervalSeconds),
    timeout: Math.max(healthCheckLimits.timeoutSeconds[0], timeoutSeconds),
    retries,
    startPeriod: startSeconds,
  };
}

export function probePort({ probe, ports }: Pick<WorkloadSpec, "probe" | "ports">): number {
  const name = "port" in probe ? probe.port : undefined;
  return (name ? ports[name] : Object.values(ports)[0])?.port ?? 0;
}

function command(probe: Probe, tools: readonly string[], port: number): string[] {
  switch (probe.kind) {
    case "exec":
      return [...probe.command];
    case "tcp":
      return ["nc", "-z", "-w", String(probeTimings(probe).timeoutSeconds), "127.0.0.1", String(port)];
    case "http": {
      const url = `http://127.0.0.1:${port}${probe.path}`;
      return tools.includes("wget") ? ["wget", "-q", "-O", "-", url] : ["curl", "-sS", "--fail-with-body", url];
    }
  }
}
