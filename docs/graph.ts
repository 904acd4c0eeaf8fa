import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { graphOf } from "../src/preview/graph.ts";
import type { Plan } from "../src/preview/plan.ts";
import { record } from "../src/preview/recorder.ts";
import { renderSvg } from "../src/preview/render/svg.ts";

const root = join(import.meta.dirname, "..");

/** The picture of the starter on Docker. */
export const starterPicture = async (): Promise<string> => renderSvg(graphOf(await planOfStarter()));

async function planOfStarter(): Promise<Plan> {
  const result = await record({
    root,
    main: "stacks/main.js",
    project: "groundplan",
    // No environment of this name is ever deployed, so nothing on this machine is remembered for it.
    stack: "picture",
    config: { "groundplan:stack": JSON.stringify({ topology: "starter", target: "docker", profile: "dev" }) },
    environment: { GROUNDPLAN_IMAGE_MIRROR: "", GROUNDPLAN_ISOLATION: "", DOCKER_HOST: "unix:///var/run/docker.sock" },
  });
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  return result.plan;
}

if (import.meta.main) writeFileSync(join(root, "docs", "starter.svg"), await starterPicture());
