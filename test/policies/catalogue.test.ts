import { describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { defaultsOf, evaluate, type Settings } from "../../policies/evaluate.ts";
import { type Policy, type Resource, stages } from "../../policies/model.ts";
import { cases } from "./cases/index.ts";
import type { Case } from "./cases.ts";
import { unknown } from "./unknown.ts";

/** At its defaults, but always looked for. */
const always = (stage: Case["stage"] = "prod"): Settings => ({ ...defaultsOf(stage), level: () => "mandatory" });
const run = (policy: Policy, resources: readonly Resource[], stage?: Case["stage"]) => evaluate([policy], resources, always(stage));
const places = ({ findings }: ReturnType<typeof run>) => findings.map(({ name, path }) => `${name}: ${path}`).toSorted();

/** The resources with one input set otherwise; undefined takes it away. */
function withInput(resources: readonly Resource[], place: string, value: unknown): Resource[] {
  const [name = "", path = ""] = place.split(": ");
  const set = (inner: unknown, keys: readonly string[]): unknown => {
    const [key = "", ...rest] = keys;
    if (Array.isArray(inner)) return inner.map((entry, index) => (String(index) === key ? (rest.length > 0 ? set(entry, rest) : value) : entry));
    const { [key]: old, ...others } = (inner ?? {}) as Record<string, unknown>;
    const made = rest.length > 0 ? set(old, rest) : value;
    return made === undefined ? others : { ...others, [key]: made };
  };
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`no resource "${name}" in the case`);
  return resources.map((resource) => (resource === found ? { ...resource, inputs: set(resource.inputs, keys) as Resource["inputs"] } : resource));
}

test("every policy has cases, and every case a policy", () => {
  expect(Object.keys(cases).toSorted()).toEqual(catalogue.map(({ id }) => id).toSorted());
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
});

describe.each(catalogue.map((policy) => [policy.id, policy] as const))("%s", (id, policy) => {
  const { compliant, violating, reads, enoughUnknown = [] } = cases[id] ?? { compliant: [], violating: [], reads: {} };
  const [good] = compliant;

  test("is written down whole", () => {
    expect(policy.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    for (const words of [policy.title, policy.why, policy.fix]) expect(words.length).toBeGreaterThan(15);
    expect(policy.title).not.toMatch(/\.$/);
    for (const sentence of [policy.why, policy.fix]) expect(sentence).toMatch(/\.$/);
    expect(policy.types.length).toBeGreaterThan(0);
    expect(policy.references.length).toBeGreaterThan(0);
    const order = ["disabled", "advisory", "mandatory"];
    const strength = stages.map((stage) => order.indexOf(policy.levels[stage]));
    expect(strength, "a later stage is never laxer").toEqual(strength.toSorted((a, b) => a - b));
    if (policy.severity === "critical") expect(policy.levels.prod).toBe("mandatory");
    for (const { default: defaults, minimum, maximum } of Object.values(policy.parameters ?? {})) {
      for (const stage of stages) {
        expect(defaults[stage]).toBeGreaterThanOrEqual(minimum);
        expect(defaults[stage]).toBeLessThanOrEqual(maximum);
      }
    }
    expect(compliant.length).toBeGreaterThan(0);
    expect(violating.length).toBeGreaterThan(0);
    expect(Object.keys(reads).length).toBeGreaterThan(0);
  });

  test.each(compliant)("lets pass: $title", ({ resources, stage }) => {
    const result = run(policy, resources, stage);
    expect(places(result)).toEqual([]);
    expect(result.notRun).toEqual([]);
    expect(result.looked[id]).toBeGreaterThan(0);
  });

  test.each(violating)("finds: $title", ({ resources, stage, finds }) => {
    const result = run(policy, resources, stage);
    expect(places(result)).toEqual([...finds].toSorted());
    expect(result.notRun).toEqual([]);
    for (const { message } of result.findings) expect(message).not.toMatch(/\.$|undefined|\[object|NaN/);
  });

  test.each(Object.entries(reads))("knows what %s means when it is missing", (place, finds) => {
    if (!good) throw new Error("no compliant case");
    const result = run(policy, withInput(good.resources, place, undefined), good.stage);
    expect(places(result)).toEqual([...finds].toSorted());
    expect(result.notRun).toEqual([]);
  });

  test.each(Object.entries(reads))("does not take null at %s for more than missing", (place, finds) => {
    if (!good) throw new Error("no compliant case");
    expect(places(run(policy, withInput(good.resources, place, null), good.stage))).toEqual(expect.arrayContaining([...finds]));
  });

  test.each(Object.keys(reads))("is not upset by another type at %s", (place) => {
    if (!good) throw new Error("no compliant case");
    for (const odd of [null, 7, "odd", true, [], [null], {}, { odd: [{}] }]) {
      expect(run(policy, withInput(good.resources, place, odd), good.stage).notRun, JSON.stringify(odd)).toEqual([]);
    }
  });

  test.each(Object.keys(reads))("says that it could not run while %s is unknown", (place) => {
    if (!good) throw new Error("no compliant case");
    const { findings, notRun } = run(policy, unknown(withInput(good.resources, place, "unknown"), place), good.stage);
    expect(findings).toEqual([]);
    const reasons = enoughUnknown.includes(place) ? [] : ["it needs a value that is not known before the deployment"];
    expect(notRun.map(({ reason }) => reason)).toEqual(reasons);
  });
});
