import { containersOf } from "../../../src/preview/containers.ts";
import type { Plan } from "../../../src/preview/plan.ts";

/** Every pair of servers where one joins a network on which the other's name resolves: `api -> db`. */
export function allowedOnDocker(plan: Plan): string[] {
  const servers = containersOf(plan).filter(({ role }) => role === "server");
  const pairs = servers.flatMap((from) => {
    const joined = (from.inputs.networksAdvanced ?? []).map(({ name }) => name);
    return servers
      .filter((to) => to.component !== from.component)
      .filter((to) => (to.inputs.networksAdvanced ?? []).some(({ name, aliases = [] }) => aliases.length > 0 && joined.includes(name)))
      .map((to) => `${from.component} -> ${to.component}`);
  });
  return [...new Set(pairs)];
}
