import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readinessTable } from "../../docs/readiness.ts";
import { componentsOf } from "../../src/preview/plan.ts";
import { readinessOf } from "../../src/preview/readiness.ts";
import { grounds, profiles, starterOn } from "../support/grounds.ts";

test("the readiness table is written down as the plans have it", async () => {
  const file = join(import.meta.dirname, "..", "..", "docs", "readiness.md");
  expect(readFileSync(file, "utf8"), "out of date: npm run docs:readiness").toBe(await readinessTable());
});

describe.each(grounds.flatMap((ground) => profiles.map((profile) => ({ ground, profile }))))(
  "readiness on $ground, profile $profile",
  ({ ground, profile }) => {
    test("no component is without a check, and none is only started", async () => {
      const plan = await starterOn(ground, profile);
      const rows = readinessOf(plan);
      for (const { name } of componentsOf(plan)) {
        const own = rows.filter(({ workload }) => workload === name || workload.startsWith(`${name}-`));
        expect(own, name).not.toEqual([]);
        for (const { declared, translated } of own) {
          expect(declared, name).not.toBe("");
          expect(translated, name).not.toMatch(/^(started|a steady service)$/);
        }
      }
    });

    test("a service starts only after all that it is bound to can serve, its jobs included", async () => {
      const api = readinessOf(await starterOn(ground, profile)).find(({ workload }) => /^api(-0)?$/.test(workload));
      for (const system of ["db", "bus", "cache", "queue"]) {
        expect(api?.waitsFor.join(", "), system).toMatch(new RegExp(`\\b${system}(-[\\w-]+)? (healthy|ready|available|made|set up|steady)`));
      }
      expect(api?.waitsFor).toEqual(expect.arrayContaining(["db-databases done", "bus-streams done"]));
    });
  },
);
