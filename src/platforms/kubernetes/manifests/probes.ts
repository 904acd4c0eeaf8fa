import type { core } from "@pulumi/kubernetes/types/input.js";
import { type Probe, probeTimings } from "../../../core/probe.ts";
import type { WorkloadSpec } from "../../../core/workload.ts";
import { portName } from "./names.ts";
import { literal } from "./text.ts";

type Probed = Pick<WorkloadSpec, "ports" | "probe" | "liveness" | "volumes">;

/** A server that was cut off reads its log again before it answers; stopped while it does, it would begin anew for ever. */
const recoverySeconds = 600;

/**
 * The three probes of the kubelet from the one that is declared. Until the start probe succeeds the others rest, so what is
 * declared as start time delays nothing later. A process is restarted only after twice the failures that take it out of
 * service: what is slow under load must not be killed for it. What keeps data has time to recover it.
 */
export function probes(spec: Probed): Pick<core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const { intervalSeconds, startSeconds, retries } = probeTimings(spec.probe);
  const alive = spec.liveness ?? spec.probe;
  const starting = Math.max(startSeconds, spec.volumes.length > 0 ? recoverySeconds : 0);
  return {
    startupProbe: timed(spec, spec.probe, Math.ceil(starting / intervalSeconds) + retries),
    readinessProbe: timed(spec, spec.probe, retries),
    livenessProbe: timed(spec, alive, 2 * probeTimings(alive).retries),
  };
}

/** Longest that a healthy start may take when there is nothing to recover. */
export function startLimitSeconds(probe: Probe): number {
  const { intervalSeconds, timeoutSeconds, startSeconds, retries } = probeTimings(probe);
  return startSeconds + (intervalSeconds + timeoutSeconds) * retries;
}

function timed(spec: Probed, probe: Probe, failureThreshold: number): core.v1.Probe {
  const { intervalSeconds, timeoutSeconds } = probeTimings(probe);
  return { ...handler(spec, probe), periodSeconds: intervalSeconds, timeoutSeconds, failureThreshold };
}

function handler(spec: Probed, probe: Probe): core.v1.Probe {
  switch (probe.kind) {
    case "exec":
      return { exec: { command: probe.command.map(literal) } };
    case "http":
      return { httpGet: { path: probe.path, port: probedPort(spec, probe.port) } };
    case "tcp":
      return { tcpSocket: { port: probedPort(spec, probe.port) } };
  }
}

function probedPort({ ports }: Probed, name: string | undefined): string {
  const [key, port] = Object.entries(ports).find(([candidate]) => name === undefined || candidate === name) ?? [];
  if (key === undefined || port === undefined) throw new Error(`a probe asks the port "${name}", which its workload does not have`);
  return portName(key, port);
}
