import { containersOf, type PlanContainer } from "./containers.ts";
import type { Plan } from "./plan.ts";
import { probesOf, reachesOf, workloadOf } from "./reaches.ts";
import { type ReadinessRow, stepDeclared, stepTranslated } from "./readiness-row.ts";

export function dockerReadiness(plan: Plan): ReadinessRow[] {
  const containers = containersOf(plan);
  const declared = probesOf(plan);
  const reaches = reachesOf(plan);
  return containers
    .filter(({ role }) => role === "server" || role === "job")
    .map((container) => ({
      workload: container.resource.name,
      declared: container.role === "job" ? stepDeclared : (declared.get(workloadOf(reaches, container.resource.name)) ?? ""),
      translated: translation(container, containers),
      waitsFor: containers
        .filter((other) => other.role !== "files" && other.role !== "owner" && container.resource.dependencies.includes(other.resource.urn))
        .map((other) => `${other.resource.name} ${other.role === "job" ? "done" : "healthy"}`),
    }));
}

function translation(container: PlanContainer, all: readonly PlanContainer[]): string {
  if (container.role === "job") return stepTranslated;
  const { healthcheck } = container.inputs;
  if (healthcheck) return `health check every ${healthcheck.interval}, ${healthcheck.retries} failures, and wait`;
  const beside = all.find((other) => other.role === "prober" && other.resource.dependencies.includes(container.resource.urn));
  return beside?.inputs.healthcheck ? `prober beside it every ${beside.inputs.healthcheck.interval}, and wait` : "started";
}
