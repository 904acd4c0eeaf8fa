import { missingPeer, notInstalled, saidNotInstalled } from "../core/peers.ts";
import type { CredentialValues } from "../preview/fixtures.ts";
import type { Plan } from "../preview/plan.ts";
import { type Purpose, record } from "../preview/recorder.ts";
import { badConfiguration, couldNotRun } from "./exit.ts";
import type { EnvironmentProject } from "./project.ts";

/** Records the plan of an environment, or ends the command with everything that is wrong with it. */
export async function planOf(project: EnvironmentProject, credentials?: CredentialValues, purpose: Purpose = "look"): Promise<Plan> {
  const result = await record({ ...project, purpose, ...(credentials ? { credentials } : {}) });
  if ("plan" in result) return result.plan;
  if ("problems" in result) throw badConfiguration(result.problems);
  // A program that names its grounds by a plain import fails before anything of ours runs.
  const said = saidNotInstalled(result.failure);
  if (said) throw couldNotRun("GP112", said);
  const missing = missingPeer(result.failure);
  if (missing) throw couldNotRun("GP112", notInstalled([missing], "the program"));
  throw couldNotRun("GP304", `the program could not be recorded\n${indented(result.failure)}\n  run with GROUNDPLAN_DEBUG=1 for the whole message`);
}

/**
 * The plan for an engine, which runs the program again: variables of given secrets must be set here, unless environments of
 * Pulumi ESC may give them to that run.
 */
export const planForEngine = (project: EnvironmentProject): Promise<Plan> =>
  planOf(project, undefined, project.importsEnvironment ? "look" : "hand-over");

const indented = (text: string) =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
