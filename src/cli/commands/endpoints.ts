import { endpointsOf } from "../../preview/endpoints.ts";
import type { Plan } from "../../preview/plan.ts";
import type { EnvironmentProject } from "../project.ts";
import { table } from "../table.ts";

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
