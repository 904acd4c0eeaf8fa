import type { ContainerHealthcheck } from "@pulumi/docker/types/input.js";
import { type Probe, probeTimings } from "../../core/probe.ts";
import type { WorkloadSpec } from "../../core/workload.ts";

/**
 * Where a probe runs. `inside`: the image holds the program. `beside`: a prober container asks over the network, for
 * images of which nothing is known; never a probe that cannot run.
 */
export type ProbePlace = "inside" | "beside";

export function probePlace(spec: Pick<WorkloadSpec, "probe" | "tools">): ProbePlace {
  switch (spec.probe.kind) {
    case "exec":
      return "inside";
    case "http":
      return spec.tools.includes("wget") || spec.tools.includes("curl") ? "inside" : "beside";
    case "tcp":
      return spec.tools.includes("nc") ? "inside" : "beside";
  }
}

export function probePort(spec: Pick<WorkloadSpec, "probe" | "ports">): number {
  const name = "port" in spec.probe ? spec.probe.port : undefined;
  const found = name ? spec.ports[name] : Object.values(spec.ports)[0];
  return found?.port ?? 0;
}

/** The command of the health check, asked of `host`. */
export function probeCommand(probe: Probe, tools: readonly string[], host: string, port: number): string[] {
  switch (probe.kind) {
    case "exec":
      return [...probe.command];
    case "tcp":
      return ["nc", "-z", "-w", String(probeTimings(probe).timeoutSeconds), host, String(port)];
    case "http": {
      const url = `http://${host}:${port}${probe.path}`;
      // Both print the body, so that a failing check says why; the health check itself ends them in time.
      if (tools.includes("wget")) return ["wget", "-q", "-O", "-", url];
      return ["curl", "-sS", "--fail-with-body", url];
    }
  }
}

export function healthcheck(probe: Probe, command: readonly string[]): ContainerHealthcheck {
  const timings = probeTimings(probe);
  return {
    tests: ["CMD", ...command],
    interval: goDuration(timings.intervalSeconds),
    timeout: goDuration(timings.timeoutSeconds),
    retries: timings.retries,
    startPeriod: goDuration(timings.startSeconds),
  };
}

/** As the daemon prints it back, or every preview shows a difference: 90 -> `1m30s`. */
export function goDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h${minutes}m${seconds % 60}s`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

/** Longest that a healthy start may take. */
export const startLimitSeconds = (probe: Probe) => {
  const t = probeTimings(probe);
  return t.startSeconds + (t.intervalSeconds + t.timeoutSeconds) * t.retries + 60;
};
