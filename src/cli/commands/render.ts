import { resolve } from "node:path";
import { renderCompose } from "../../preview/render/compose.ts";
import { credentialStore } from "../engines/compose.ts";
import { couldNotRun } from "../exit.ts";
import { planOf } from "../plan.ts";
import { openProject } from "../project.ts";
import { isRenderedOrEmpty, writeProject } from "../render-folder.ts";
import { warningLines } from "./preview.ts";

export async function render(env: string, options: { readonly output: string }): Promise<void> {
  const project = openProject(env);
  const store = credentialStore(project);
  const plan = await planOf(project, store.valueOf);
  const folder = resolve(project.root, options.output.replace("<environment>", project.stack));
  if (!isRenderedOrEmpty(folder)) throw couldNotRun(`${folder} holds files that groundplan did not render; name another folder, or empty this one`);
  const rendered = renderCompose(plan);
  store.save();
  writeProject(rendered, folder);
  console.log(`${folder}
  compose.yaml   ${rendered.name}, without secrets
  .env           passwords, readable by you only${rendered.contexts.length > 0 ? "\n  build/         sources of built images" : ""}
Start it anywhere: docker compose up --wait
Check it:          groundplan verify ${env} --folder <folder>, or each check: docker compose --profile verify run --rm ${rendered.checks[0] ?? "<name>-check"}`);
  for (const line of warningLines(plan)) console.error(line);
}
