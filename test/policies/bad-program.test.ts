import { beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { defaultsOf, type Evaluation, evaluate } from "../../policies/evaluate.ts";
import { faults } from "../fixtures/bad-program/faults.ts";
import { badPlan } from "../support/shipped.ts";

let evaluation: Evaluation;
beforeAll(async () => {
  evaluation = evaluate(catalogue, (await badPlan()).resources, defaultsOf("prod"));
});

const within = faults.flatMap((fault) => ("policy" in fault ? [fault] : []));

describe("a program of raw resources that breaks public benchmarks", () => {
  test.each(within)("$id is found by $policy: $what", ({ policy, resource, alsoAt }) => {
    expect(catalogue.map(({ id }) => id)).toContain(policy);
    const places = evaluation.findings.filter((finding) => finding.policy === policy).map(({ name }) => name);
    expect(
      places.some((name) => [resource, ...alsoAt].includes(name)),
      `${policy} found something at ${places.join(", ")}`,
    ).toBe(true);
  });

  test("everything could be looked at", () => expect(evaluation.notRun).toEqual([]));

  test("every critical policy, and every high one that is mandatory, has something to find in it", () => {
    const found = new Set(evaluation.findings.map(({ policy }) => policy));
    const grave = catalogue.filter(({ severity, levels, types }) => {
      const ours = types.every((type) => type.startsWith("groundplan:"));
      return !ours && (severity === "critical" || (severity === "high" && levels.prod === "mandatory"));
    });
    expect(grave.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  });
});
