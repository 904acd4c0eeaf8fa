import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Stage } from "../../policies/model.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { record } from "../../src/preview/recorder.ts";
import { recorded, repository } from "./recorded.ts";

/** Environments that the repository ships, with the stage of each. */
export const shipped = {
  dev: "dev",
  staging: "staging",
  prod: "prod",
  "staging-docker": "staging",
  "prod-docker": "prod",
  "staging-aws": "staging",
  "prod-aws": "prod",
  "starter-dev": "dev",
  "starter-staging": "staging",
  "starter-prod": "prod",
} as const satisfies Record<string, Stage>;
export type Shipped = keyof typeof shipped;

const plans = new Map<string, Promise<Plan>>();

function once(name: string, make: () => Promise<Plan>): Promise<Plan> {
  const plan = plans.get(name) ?? make();
  plans.set(name, plan);
  return plan;
}

/** The plan of an environment, as its stack file has it; recorded once. */
export const shippedPlan = (env: Shipped): Promise<Plan> =>
  once(env, () => {
    const { config } = parse(readFileSync(join(repository, `Pulumi.${env}.yaml`), "utf8")) as { config: { "groundplan:stack": object } };
    return recorded({ stack: env, settings: { ...config["groundplan:stack"] } });
  });

/** The plan of a program of raw resources that breaks what can be broken. */
export const badPlan = (): Promise<Plan> =>
  once("bad-program", async () => {
    const result = await record({ root: join(repository, "test/fixtures/bad-program"), main: "main.js", project: "shop", stack: "prod", config: {} });
    if (!("plan" in result)) throw new Error(JSON.stringify(result));
    return result.plan;
  });
