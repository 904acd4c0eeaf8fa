import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../policies/catalogue/index.ts";
import { type Stage, stages } from "../policies/model.ts";
import { notRunLevel, notRunPolicy } from "../policies/pack-not-run.ts";

/**
 * The text of policies/stages/<stage>.json, for `--policy-pack-config`: level, stage and parameters of every policy, and
 * what becomes of those that could not run. So a run stands at that stage, whatever the configuration of the stack says.
 */
export function stageProfile(stage: Stage): string {
  const entries = catalogue.map(({ id, levels, parameters = {} }) => [
    id,
    {
      enforcementLevel: levels[stage],
      stage,
      ...Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameter.default[stage]])),
    },
  ]);
  const notRun = [notRunPolicy, { enforcementLevel: notRunLevel(stage) }];
  return `${JSON.stringify(Object.fromEntries([...entries, notRun]), undefined, 2)}\n`;
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, "..", "policies", "stages");
  for (const stage of stages) writeFileSync(join(folder, `${stage}.json`), stageProfile(stage));
}
