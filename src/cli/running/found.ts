import { copyArguments } from "../../core/naming.ts";
import { componentNames, requireComponent } from "../components.ts";
import { couldNotRun } from "../exit.ts";
import type { EnvironmentProject } from "../project.ts";
import type { RunningPart } from "./parts.ts";

/** Ends the command when nothing of a component is there. Only then the plan is asked whether there is such a component at all. */
export async function requireFound(project: EnvironmentProject, parts: readonly RunningPart[], component: string): Promise<void> {
  if (parts.some((part) => part.component === component)) return;
  // Loaded when it is asked, because it brings the whole SDK with it.
  const { planOf } = await import("../plan.ts");
  requireComponent(componentNames(await planOf(project)), component, project.env);
  const copy = copyArguments(project.env, project.settings.isolation);
  throw couldNotRun("GP403", `nothing of ${component} is there in ${project.prefix}; start it: groundplan up ${copy}`);
}
