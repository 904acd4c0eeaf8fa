import type Docker from "dockerode";
import { stackContainers } from "../../platforms/docker/daemon.ts";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";

export interface HealthRow {
  readonly part: string;
  readonly state: string;
  readonly ok: boolean;
}

/** Every planned server and prober: running, and healthy where it says so. */
export async function healthOf(docker: Docker, prefix: string, plan: Plan): Promise<HealthRow[]> {
  const now = await stackContainers(docker, prefix);
  return containersOf(plan)
    .filter(({ role }) => role === "server" || role === "prober")
    .map(({ resource, inputs }) => {
      const container = now.find(({ name }) => name === inputs.name);
      if (!container) return { part: resource.name, state: "missing", ok: false };
      const healthy = !inputs.healthcheck || container.health === "healthy";
      return { part: resource.name, state: container.health || container.state, ok: container.state === "running" && healthy };
    });
}
