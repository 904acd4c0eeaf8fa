import { expect, test } from "vitest";
import { abandoned } from "../../../src/cli/engines/kept-data.ts";
import type { Plan } from "../../../src/preview/plan.ts";

const urn = (type: string, name: string) => `urn:pulumi:prod::shop::groundplan:index:RedisCache$${type}::${name}`;
const claim = urn("kubernetes:core/v1:PersistentVolumeClaim", "cache-0-data");
const state = {
  deployment: {
    resources: [
      { urn: claim, type: "kubernetes:core/v1:PersistentVolumeClaim", protect: true },
      {
        urn: urn("random:index/randomPassword:RandomPassword", "cache-app-password"),
        type: "random:index/randomPassword:RandomPassword",
        protect: true,
      },
      { urn: urn("kubernetes:core/v1:Service", "cache"), type: "kubernetes:core/v1:Service" },
    ],
  },
};
const planned = (...urns: string[]) => ({ resources: urns.map((each) => ({ urn: each })) }) as unknown as Plan;

test("protected data that the plan does not have is told with the way to give it up; what is not protected may go", () => {
  const problems = abandoned(state, planned(urn("random:index/randomPassword:RandomPassword", "cache-app-password")), "prod");
  expect(problems).toEqual([
    {
      component: "stack",
      path: "cache-0-data",
      value: "PersistentVolumeClaim",
      rule: expect.stringContaining("which the plan does not have any more"),
      fix: expect.stringContaining(`pulumi state unprotect '${claim}' --stack prod`),
    },
  ]);
});

test("a plan that has it all, and a stack that is not there yet, are right", () => {
  expect(abandoned(state, planned(...state.deployment.resources.map((resource) => resource.urn)), "prod")).toEqual([]);
  expect(abandoned({}, planned(), "prod")).toEqual([]);
});
