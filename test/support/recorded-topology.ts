import type { Plan } from "../../src/preview/plan.ts";
import { type RecordOptions, record } from "../../src/preview/recorder.ts";
import { tempProject } from "./temp-project.ts";

/** A topology of a test's own, recorded without a daemon or a cluster; its body is that of `TempProject.topology`. */
export async function recordedTopology(
  body: string,
  settings: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
  more: Pick<RecordOptions, "credentials" | "purpose"> = {},
): Promise<Plan> {
  const project = tempProject("r");
  try {
    project.topology(body);
    const result = await record({
      root: project.root,
      main: "stacks/main.js",
      project: "shop",
      stack: "dev",
      config: { "groundplan:stack": JSON.stringify({ topology: "starter", ...settings }) },
      ...more,
      environment: { GROUNDPLAN_IMAGE_MIRROR: "", GROUNDPLAN_ISOLATION: "", ...environment },
    });
    if (!("plan" in result)) throw new Error(JSON.stringify(result));
    return result.plan;
  } finally {
    project.remove();
  }
}
