import { describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { defaultsOf, evaluate } from "../../policies/evaluate.ts";
import type { Plan } from "../../src/preview/plan.ts";
import { groundSettings, grounds, type ProfileName, profiles, starterOn } from "../support/grounds.ts";
import { type Shipped, shipped, shippedPlan } from "../support/shipped.ts";

/** What stops a pipeline at the stage of the stack's own profile, without any waiver. */
function stops(plan: Plan, stage: ProfileName): string[] {
  const { findings, notRun } = evaluate(catalogue, plan.resources, defaultsOf(stage));
  const open = findings.filter(({ level }) => level === "mandatory").map(({ policy, name, message }) => `${policy} at ${name}: ${message}`);
  return [...open, ...notRun.map(({ policy, urn, reason }) => `${policy} could not look at ${urn}: ${reason}`)];
}

describe("every environment of the repository passes its own gate", () => {
  test.each(Object.keys(shipped) as Shipped[])("%s", async (env) => {
    expect(stops(await shippedPlan(env), shipped[env])).toEqual([]);
  });
});

describe("the starter passes on every ground in every profile, but for telemetry in prod: only AWS watches by itself", () => {
  const aws = { alarmTopics: ["arn:aws:sns:eu-central-1:123456789012:alarms"], backupRegion: "eu-west-1" };
  test.each(grounds.flatMap((ground) => profiles.map((profile) => [ground, profile] as const)))("%s, %s", async (ground, profile) => {
    // Several containers of one machine cannot share a published port.
    const api = ground === "docker" ? { publish: [] } : { autoscale: { min: 2, max: 6 } };
    const settings = ground === "aws" ? { aws: { ...groundSettings.aws.aws, ...aws } } : {};
    const unwatched = profile === "prod" && ground !== "aws" ? [expect.stringMatching(/^component-telemetry at api:/)] : [];
    expect(stops(await starterOn(ground, profile, { components: { api }, ...settings }), profile)).toEqual(unwatched);
  });
});
