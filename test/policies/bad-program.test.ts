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

  /** Several faults of one resource that one policy finds: each of them needs a finding of its own. */
  const together = Object.entries(Object.groupBy(within, ({ policy, resource, alsoAt }) => [policy, resource, ...alsoAt].join(" "))).flatMap(
    ([key, group]) => (group && group.length > 1 ? [{ key, ids: group.map(({ id }) => id), fault: group[0] }] : []),
  );
  test.each(together)("$ids are found one by one", ({ ids, fault }) => {
    const places = [fault?.resource, ...(fault?.alsoAt ?? [])];
    const found = evaluation.findings.filter(({ policy, name }) => policy === fault?.policy && places.includes(name));
    expect(found.map(({ message }) => message).length).toBeGreaterThanOrEqual(ids.length);
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
