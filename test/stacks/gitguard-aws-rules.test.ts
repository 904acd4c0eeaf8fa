import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/preview/plan.ts";
import { stages } from "../support/aws/prod-rules/look.ts";
import type { Rule } from "../support/aws/prod-rules/rule.ts";
import { broken, planted, rows } from "../support/aws/prod-rules/table.ts";
import { shippedPlan } from "../support/shipped.ts";

const plans: Record<string, Plan> = {};
beforeAll(async () => {
  await Promise.all((["prod", "staging"] as const).map(async (stage) => (plans[stage] = await shippedPlan(`${stage}-aws`))));
}, 60_000);
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
  for (const [type, row] of Object.entries(rows).filter((entry): entry is [string, readonly Rule[]] => typeof entry[1] !== "string")) {
    test(type, () => {
      const stage = planOf("prod").resources.some((of) => of.type === type) ? "prod" : "staging";
      for (const rule of row) {
        for (const fault of rule.faults) {
          const found = broken(planted(planOf(stage), type, rule, fault, stages[stage]), stages[stage]);
          expect([...new Set(found.map((of) => `${of.type} ${of.says}`))], JSON.stringify(fault)).toEqual([`${type} ${rule.says}`]);
        }
      }
    });
  }
});
