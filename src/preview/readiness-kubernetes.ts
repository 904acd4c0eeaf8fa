import { jobsOf, type PodMaker, serversOf } from "./kubernetes.ts";
import type { Plan } from "./plan.ts";
import type { PodContainer, PodProbe } from "./pod.ts";
import { probesOf } from "./reaches.ts";
import { type ReadinessRow, stepDeclared, stepTranslated } from "./readiness-row.ts";

export function kubernetesReadiness(plan: Plan): ReadinessRow[] {
  const parts = [...serversOf(plan), ...jobsOf(plan)];
  const declared = probesOf(plan);
  return parts.map((part) => ({
    workload: part.resource.name,
    declared: part.kind === "Job" ? stepDeclared : (declared.get(part.resource.name) ?? ""),
    translated: part.kind === "Job" ? stepTranslated : translation(part.pod.containers[0]),
    waitsFor: parts.filter((other) => part.resource.dependencies.includes(other.resource.urn)).map(waited),
  }));
}

const waited = (part: PodMaker) => `${part.resource.name} ${part.kind === "Job" ? "done" : "ready"}`;

/** What the kubelet does: how long a start may take, when traffic stops, when the process is restarted. */
function translation(container: PodContainer | undefined): string {
  const { startupProbe, readinessProbe, livenessProbe } = container ?? {};
  const parts = [
    startupProbe ? `startup up to ${(startupProbe.failureThreshold ?? 3) * (startupProbe.periodSeconds ?? 10)}s` : "",
    readinessProbe ? `no traffic after ${failures(readinessProbe)}` : "",
    livenessProbe
      ? `restart after ${failures(livenessProbe)}${kindOf(livenessProbe) === kindOf(readinessProbe) ? "" : ` (${kindOf(livenessProbe)})`}`
      : "",
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(", ")}, and await` : "started";
}

const failures = ({ failureThreshold = 3, periodSeconds = 10 }: PodProbe) => `${failureThreshold} failures every ${periodSeconds}s`;

const kindOf = (probe: PodProbe | undefined) => (probe?.httpGet ? "http" : probe?.tcpSocket ? "tcp" : "exec");
