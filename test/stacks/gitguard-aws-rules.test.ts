import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { stages } from "../support/aws/prod-rules/look.ts";
import type { Rule } from "../support/aws/prod-rules/rule.ts";
import { broken, planted, rows } from "../support/aws/prod-rules/table.ts";
import { shippedPlan } from "../support/shipped.ts";

const plans: Record<string, Plan> = {};
beforeAll(async () => {
  await Promise.all((["prod", "staging"] as const).map(async (stage) => (plans[stage] = await shippedPlan(`${stage}-aws`))));
});
/** What does not hold, as `name: type rule`. */
const told = (plan: Plan, stage: "prod" | "staging") => broken(plan, stages[stage]).map(({ name, type, says }) => `${name}: ${type} ${says}`);
const planOf = (stage: string) => plans[stage] as Plan;

describe.each(["prod", "staging"] as const)("GitGuard on AWS, profile %s, resource by resource", (stage) => {
  test("every resource keeps the rules of its type, and every type has some", () => {
    expect(broken(planOf(stage), stages[stage])).toEqual([]);
  });

  test("a type without rules is found", () => {
    const [first, ...rest] = planOf(stage).resources;
    const plan = { ...planOf(stage), resources: [...rest, { ...first, type: "aws:efs/unknown:Unknown" }] } as Plan;
    expect(broken(plan, stages[stage]).map(({ type }) => type)).toEqual(["aws:efs/unknown:Unknown"]);
  });
});

test("no rule is for a type that no plan has", () => {
  const types = new Set(["prod", "staging"].flatMap((stage) => planOf(stage).resources.map(({ type }) => type)));
  expect(Object.keys(rows).filter((type) => !types.has(type))).toEqual([]);
});

describe("a fault in the plan is found by its rule, and by no other", () => {
  // What is broken without a fault is told above.
  const before = { prod: [] as string[], staging: [] as string[] };
  beforeAll(() => {
    for (const stage of ["prod", "staging"] as const) before[stage] = told(planOf(stage), stage);
  });

  for (const [type, row] of Object.entries(rows).filter((entry): entry is [string, readonly Rule[]] => typeof entry[1] !== "string")) {
    test(type, () => {
      const stage = planOf("prod").resources.some((of) => of.type === type) ? "prod" : "staging";
      for (const rule of row) {
        expect(rule.faults.length, rule.says).toBeGreaterThan(0);
        for (const fault of rule.faults) {
          const found = told(planted(planOf(stage), type, rule, fault, stages[stage]), stage).filter((what) => !before[stage].includes(what));
          expect(new Set(found.map((what) => what.slice(what.indexOf(": ") + 2))), JSON.stringify(fault)).toEqual(new Set([`${type} ${rule.says}`]));
        }
      }
    });
  }
});
