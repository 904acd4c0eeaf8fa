import { describe, expect, test } from "vitest";
import { AppService, http, PostgresDb } from "../../src/index.ts";
import type { PlanResource } from "../../src/preview/plan.ts";
import { groundSettings, grounds } from "../support/grounds.ts";
import { recordInProcess } from "../support/in-process.ts";

/** Services that are bound to one database and, in a chain, each to the one before it. */
async function services(target: (typeof grounds)[number], count: number, chain: boolean): Promise<readonly PlanResource[]> {
  const { resources, problems } = await recordInProcess(
    (platform) => {
      const db = new PostgresDb("db", { platform, databases: { app: {} } });
      let before: AppService | undefined;
      for (let index = 0; index < count; index++) {
        before = new AppService(`service-${"abcdefg"[index]}`, {
          platform,
          image: "registry.example/shop/api:1.0.0",
          ports: { http: 8000 },
          health: http("/health"),
          bindings: { DATABASE: db.databases.app, ...(chain && before ? { BEFORE: before.connection } : {}) },
        });
      }
    },
    { target, profile: "dev", ...groundSettings[target] },
  );
  expect(problems).toEqual([]);
  return resources;
}

/** Resources on the longest way from one that needs nothing. */
function depthOf(resources: readonly PlanResource[]): number {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const known = new Map<string, number>();
  const depth = (urn: string): number => {
    const found = known.get(urn) ?? 1 + Math.max(0, ...(byUrn.get(urn)?.dependencies ?? []).map(depth));
    known.set(urn, found);
    return found;
  };
  return Math.max(...resources.map(({ urn }) => depth(urn)));
}

/** What one service waits for of the one before it: of an image without a program for its probe, Docker has a prober beside it. */
const perLink = { docker: 2, kubernetes: 1, aws: 1 };

const mostDependencies = (resources: readonly PlanResource[]) => Math.max(...resources.map(({ dependencies }) => dependencies.length));

describe.each(grounds)("on %s", (target) => {
  test("services beside each other neither wait for each other nor make others depend on more", { timeout: 120_000 }, async () => {
    const [one, few, many] = [await services(target, 1, false), await services(target, 3, false), await services(target, 7, false)];
    expect(depthOf(many)).toBe(depthOf(one));
    expect(mostDependencies(many)).toBe(mostDependencies(one));
    // Each brings as many resources as the one before it.
    expect(many.length - few.length).toBe((few.length - one.length) * 2);
  });

  test("a chain of services is no deeper than what it says", { timeout: 120_000 }, async () => {
    const [few, many] = [await services(target, 3, true), await services(target, 7, true)];
    expect(depthOf(many) - depthOf(few)).toBe((7 - 3) * perLink[target]);
    expect(mostDependencies(many)).toBe(mostDependencies(few));
  });
});
