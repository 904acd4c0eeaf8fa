import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { record } from "../../src/preview/recorder.ts";
import { tempProject } from "../support/temp-project.ts";

test("an output without a value is none: the engine would warn about it at every run", async () => {
  const project = tempProject();
  project.topology("return { gone: undefined, empty: null, kept: 1 };");
  // What the program gives to the engine, as the engine gets it: a plan has lost what has no value.
  const index = join(project.root, "stacks", "index.ts");
  const program = readFileSync(index, "utf8").replace("export const run", "const stack");
  writeFileSync(index, `${program}export const run = async () => ({ given: Object.keys(await stack()) });\n`);
  const result = await record({
    root: project.root,
    main: "stacks/main.js",
    project: "shop",
    stack: "dev",
    config: { "groundplan:stack": JSON.stringify({ topology: "starter", target: "docker", profile: "dev" }) },
    environment: { GROUNDPLAN_IMAGE_MIRROR: "", GROUNDPLAN_ISOLATION: "", DOCKER_HOST: "unix:///var/run/docker.sock" },
  });
  project.remove();
  expect(result).toMatchObject({ plan: { outputs: { given: ["empty", "kept", "credentials"] } } });
});
