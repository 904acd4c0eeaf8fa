import pc from "picocolors";
import { rememberWords } from "../completion/project-words.ts";
import * as pulumi from "../engines/pulumi.ts";
import { requireBackend, stateNote } from "../engines/pulumi-state.ts";
import { couldNotRun } from "../exit.ts";
import { groundOf } from "../ground.ts";
import { heedSignals } from "../interrupt.ts";
import { printJson, speaker } from "../json.ts";
import { planForEngine } from "../plan.ts";
import type { EnvironmentProject } from "../project.ts";
import { deployedJson, endpointText } from "./endpoints.ts";
import { warningLines } from "./preview.ts";
import type { UpOptions } from "./up.ts";
import { didNotComeUp, interrupted } from "./up-failed.ts";

/** Deploys to a target that outlives this machine: through the Pulumi engine only, with a state that others share. */
export async function upHosted(project: EnvironmentProject, options: UpOptions): Promise<void> {
  const { target } = project.settings;
  if (options.engine === "compose") {
    throw couldNotRun("GP501", `engine compose runs containers of one Docker daemon, and ${project.stack} is on ${target}; use engine pulumi`);
  }
  if (options.timings)
    throw couldNotRun("GP501", `--timings asks a Docker daemon when its containers became ready, and ${project.stack} is on ${target}`);
  // The plan comes first: nothing is asked of a cluster or an account for a configuration that is wrong.
  const plan = await planForEngine(project);
  rememberWords(project.root, project.stack, plan);
  await pulumi.requirePulumi();
  requireBackend(project);
  const ground = await groundOf(project, plan);
  const say = speaker(options.json);
  say(`${pc.bold(project.prefix)} on ${target}, ${ground.place}\nengine pulumi, state in ${stateNote(project)}`);
  for (const line of warningLines(plan)) say(line);
  await pulumi.requireKeptData(project, plan);
  const signal = heedSignals();
  const { failure, changes } = await pulumi.pulumiUp(project, ground.variables, options.refresh ?? false, {
    plan,
    renew: options.renew,
    onLine: say,
    signal,
  });
  if (signal.aborted) throw interrupted(project);
  if (failure !== undefined) throw didNotComeUp(project, plan, await ground.diagnose(), failure);
  const place = pulumi.passwordPlace(project);
  if (options.json && options.renew) return;
  if (options.json) printJson(deployedJson(project, plan, "pulumi", place, changes));
  else say(`\n${endpointText(project, plan, place)}\n\n${changes}`);
}
