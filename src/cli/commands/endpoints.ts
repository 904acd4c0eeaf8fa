import { endpointsOf } from "../../preview/endpoints.ts";
import type { Plan } from "../../preview/plan.ts";
import type { EnvironmentProject } from "../project.ts";
import type { Engine } from "../state.ts";
import { table } from "../table.ts";

/** The same for programs: what `up --json` and `start --json` print. */
export const deployedJson = (project: EnvironmentProject, plan: Plan, engine: Engine, passwords: string, changes?: string) => ({
  started: true,
  stack: project.prefix,
  target: project.settings.target,
  engine,
  endpoints: endpointsOf(plan, project.settings.kubernetes?.context),
  passwords,
  warnings: plan.warnings,
  ...(changes ? { changes } : {}),
});

/** Where a deployed stack is reached, and where its passwords are found. */
export function endpointText({ settings }: EnvironmentProject, plan: Plan, passwordPlace: string): string {
  const rows = endpointsOf(plan, settings.kubernetes?.context);
  const withWay = rows.some(({ way }) => way);
  return [
    table(
      ["component", "url", "user", "password", ...(withWay ? ["from your machine"] : [])],
      rows.map(({ component, url, user, credential, way }) => [component, url, user || "-", credential || "-", ...(withWay ? [way || "-"] : [])]),
    ),
    ...(rows.some(({ credential }) => credential) ? ["", `  Passwords, by the name in the password column: ${passwordPlace}`] : []),
  ].join("\n");
}
