import { join, resolve, sep } from "node:path";
import pc from "picocolors";
import { stateFolder } from "../../core/naming.ts";
import { containersOf } from "../../preview/containers.ts";
import type { Plan } from "../../preview/plan.ts";
import { renderCompose } from "../../preview/render/compose.ts";
import { renderManifests } from "../../preview/render/manifests.ts";
import { credentialStore } from "../engines/compose.ts";
import { couldNotRun } from "../exit.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { isRenderedOrEmpty, writeManifests, writeProject } from "../render-folder.ts";
import { warningLines } from "./preview.ts";

export async function render(env: string, options: { readonly output: string }): Promise<void> {
  const project = openProject(env);
  const { target } = project.settings;
  if (target === "aws")
    throw couldNotRun("GP501", "target aws has no form beside the plan itself: render is for docker and kubernetes; see groundplan preview --json");
  const store = credentialStore(project);
  const plan = await planOf(project, store.valueOf, "carry-out");
  const folder = resolve(project.root, options.output.replace("<environment>", project.stack));
  if (!isRenderedOrEmpty(folder, target === "docker" ? "compose.yaml" : "README.md"))
    throw couldNotRun("GP503", `${folder} holds files that groundplan did not render; name another folder, or empty this one`);
  const write = target === "docker" ? composeFolder(project, plan, folder) : manifestFolder(project, plan, folder);
  store.save();
  console.log(write());
  for (const line of warningLines(plan)) console.error(line);
  for (const name of unprovenOf(plan)) {
    console.error(
      pc.yellow(
        `warning  ${name}: certificates are made by the engine; those in secrets/ only have the form: put your own there, or use groundplan up`,
      ),
    );
  }
  for (const name of readersOf(plan, folder, join(project.root, stateFolder)))
    console.error(pc.yellow(`warning  ${name} mounts a folder that this one lies in, and can read its passwords; below ${stateFolder} it cannot`));
}

/** Components whose certificates a provider makes at `up`: a plan has only what looks like them. */
export const unprovenOf = (plan: Plan): string[] => [
  ...new Set(plan.resources.filter(({ type }) => type.startsWith("tls:")).map(({ parent }) => parent?.split("::").at(-1) ?? "")),
];

/** Containers of the plan that have a folder of the machine mounted in which this one lies, and lies open. */
export function readersOf(plan: Plan, folder: string, hidden: string): string[] {
  const below = (inner: string, outer: string) => inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
  if (below(folder, hidden)) return [];
  return containersOf(plan).flatMap(({ inputs }) =>
    inputs.volumes?.some(({ hostPath }) => hostPath !== undefined && below(folder, hostPath)) ? [inputs.name] : [],
  );
}

/** Each answers what writes the folder: a plan that cannot be rendered leaves no credential behind. */
function composeFolder({ env }: EnvironmentProject, plan: Plan, folder: string): () => string {
  const rendered = renderCompose(plan);
  return () => {
    writeProject(rendered, folder);
    return `${folder}
  compose.yaml   ${rendered.name}, without secrets
  .env           passwords, readable by you only${rendered.contexts.length > 0 ? "\n  build/         sources of built images" : ""}
Start it anywhere: docker compose up --wait
Check it:          groundplan verify ${env} --folder <folder>, or each check: docker compose --profile verify run --rm ${rendered.checks[0] ?? "<name>-check"}`;
  };
}

function manifestFolder({ env, settings }: EnvironmentProject, plan: Plan, folder: string): () => string {
  const context = settings.kubernetes?.context ?? "";
  const rendered = renderManifests(plan, context);
  return () => {
    writeManifests(rendered.files, folder);
    return `${folder}
  <component>/   manifests of namespace ${rendered.namespace}, without secrets
  secrets/       passwords, readable by you only and ignored by git
  README.md      the commands
Apply it in order: ./apply.sh
All at once:       kubectl --context ${context} apply --server-side -k .
Check it:          groundplan verify ${env}`;
  };
}
