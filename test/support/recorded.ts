import { join, resolve } from "node:path";
import { type Plan, shownPlan } from "../../src/preview/plan.ts";
import { record } from "../../src/preview/recorder.ts";

const repository = resolve(import.meta.dirname, "..", "..");

export interface RecordedOptions {
  readonly stack?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The repository's own program, recorded without a daemon; the same on every machine. */
export async function recorded({ stack = "dev", environment = {}, settings = {} }: RecordedOptions = {}): Promise<Plan> {
  const document = { topology: "starter", target: "docker", profile: "dev", ...settings };
  const result = await record({
    root: repository,
    main: "stacks/main.js",
    project: "groundplan",
    stack,
    config: { "groundplan:stack": JSON.stringify(document) },
    environment: { GROUNDPLAN_IMAGE_MIRROR: "", GROUNDPLAN_ISOLATION: "", DOCKER_HOST: "unix:///var/run/docker.sock", ...environment },
  });
  if (!("plan" in result)) throw new Error(JSON.stringify(result));
  return result.plan;
}

/** The plan as it may be shown, with the one thing that differs between machines taken out. */
export const portable = (plan: Plan) =>
  JSON.parse(JSON.stringify(shownPlan(plan)).replaceAll(join(repository, ""), "<repository>/")) as ReturnType<typeof shownPlan>;
