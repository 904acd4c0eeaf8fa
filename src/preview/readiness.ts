import { containersOf, type PlanContainer } from "./containers.ts";
import { componentsOf, type Plan } from "./plan.ts";

/** How one declared probe was translated, and what starts only after it. */
export interface ReadinessRow {
  readonly workload: string;
  readonly declared: string;
  /** What the target got. */
  readonly translated: string;
  /** What must be so before it starts. */
  readonly waitsFor: readonly string[];
}

export function readinessOf(plan: Plan): ReadinessRow[] {
  const containers = containersOf(plan);
  const declared = new Map(componentsOf(plan).map(({ name, outputs }) => [name, String(outputs.probe)]));
  return containers
    .filter(({ role }) => role === "server" || role === "job")
    .map((container) => ({
      workload: container.resource.name,
      declared: container.role === "job" ? "runs to its end" : (declared.get(container.component) ?? ""),
      translated: translation(container, containers),
      waitsFor: containers
        .filter((other) => other.role !== "files" && other.role !== "owner" && container.resource.dependencies.includes(other.resource.urn))
        .map((other) => `${other.resource.name} ${other.role === "job" ? "done" : "healthy"}`),
    }));
}

function translation(container: PlanContainer, all: readonly PlanContainer[]): string {
  if (container.role === "job") return "exit code 0, or all behind it stops";
  const { healthcheck } = container.inputs;
  if (healthcheck) return `health check every ${healthcheck.interval}, ${healthcheck.retries} failures, and wait`;
  const beside = all.find((other) => other.role === "prober" && other.resource.dependencies.includes(container.resource.urn));
  return beside?.inputs.healthcheck ? `prober beside it every ${beside.inputs.healthcheck.interval}, and wait` : "started";
}
