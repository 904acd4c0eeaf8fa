import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import config from "../../vitest.config.ts";
import { repository } from "../support/recorded.ts";

const script = readFileSync(join(repository, ".ci", "run"), "utf8");

test("every tier of tests is run by .ci/run, once", () => {
  const tiers = (config.test?.projects ?? []).flatMap((project) =>
    typeof project === "object" && "test" in project ? String(project.test?.name) : [],
  );
  expect(tiers.length).toBeGreaterThan(5);
  expect([...script.matchAll(/--project (\S+)/g)].map(([, name]) => name).toSorted()).toEqual(tiers.toSorted());
});

test("it runs the commands with which the README begins", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  // Those of `policy` are a loop over all environments.
  const commands = [...readme.matchAll(/^npx (groundplan preview \S+)$/gm)].map(([, command]) => command ?? "");
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) expect(script).toContain(command);
  for (const command of ["npm install", "npm start", "npm test"]) expect(script).toContain(command);
});
