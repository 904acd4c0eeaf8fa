import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stageProfile } from "../../docs/stages.ts";
import { catalogue } from "../../policies/catalogue/index.ts";
import { type Level, stages } from "../../policies/model.ts";
import { packFolder } from "../support/analyzer.ts";

const folder = join(packFolder, "stages");
const parsed = (text: string) => JSON.parse(text) as Record<string, Record<string, unknown> & { enforcementLevel: Level }>;

test("there is a profile for each stage, and nothing else", () => {
  expect(readdirSync(folder).toSorted()).toEqual(stages.map((stage) => `${stage}.json`).toSorted());
});

test.each(stages)("the profile of %s is what the catalogue has: npm run docs:stages", (stage) => {
  expect(readFileSync(join(folder, `${stage}.json`), "utf8")).toBe(stageProfile(stage));
});

test.each(stages)("the profile of %s sets every policy whole", (stage) => {
  const profile = parsed(stageProfile(stage));
  expect(Object.keys(profile)).toEqual([...catalogue.map(({ id }) => id), "policy-not-run"]);
  expect(profile["policy-not-run"]).toEqual({ enforcementLevel: stage === "prod" ? "mandatory" : "advisory" });
  for (const { id, levels, parameters = {} } of catalogue) {
    expect(profile[id]).toEqual({
      enforcementLevel: levels[stage],
      stage,
      ...Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameter.default[stage]])),
    });
  }
});
