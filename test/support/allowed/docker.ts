import { containersOf } from "../../../src/preview/containers.ts";
import type { Plan } from "../../../src/preview/plan.ts";

/** Every pair of workloads where one joins a network on which the other's name resolves: `api -> db`. */
export function allowedOnDocker(plan: Plan): string[] {
  const servers = containersOf(plan)
    .filter(({ role }) => role === "server")
    .map(({ inputs, resource }) => {
      const networks = inputs.networksAdvanced ?? [];
      // The replicas of a workload share its name; each has one of its own beside it.
      const aliases = networks.flatMap(({ aliases: own = [] }) => own);
      return { workload: aliases[0] ?? resource.name, networks };
    });
  const pairs = servers.flatMap((from) => {
    const joined = from.networks.map(({ name }) => name);
    return servers
      .filter((to) => to.workload !== from.workload)
      .filter((to) => to.networks.some(({ name, aliases = [] }) => aliases.length > 0 && joined.includes(name)))
      .map((to) => `${from.workload} -> ${to.workload}`);
  });
  return [...new Set(pairs)];
}
