import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unknownCheckingProxy } from "@pulumi/policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { defaultsOf, evaluate, type Settings } from "../../policies/evaluate.ts";
import { type Resource, type Stage, stages } from "../../policies/model.ts";
import { componentsOf, type Plan } from "../../src/preview/plan.ts";
import { asPlanned, inPreview, packFolder, type RunningPack, startPack } from "../support/analyzer.ts";
import { badPlan, type Shipped, shipped, shippedPlan } from "../support/shipped.ts";
import { cases } from "./cases/index.ts";
import { unknownValue } from "./unknown.ts";

/** What both ways can look at: a pack is not told which inputs are marked secret. */
const both = catalogue.filter((policy) => !policy.needsSecretMarks);

/** Every policy looked for, at the stage's own parameters. */
const everything = (stage: Stage): Settings => ({ ...defaultsOf(stage), level: () => "mandatory" });

const configurationOf = (settings: Settings) =>
  Object.fromEntries(catalogue.map((policy) => [policy.id, { enforcementLevel: settings.level(policy), stage: settings.stage }]));

const onPlan = (resources: readonly Resource[], settings: Settings) =>
  evaluate(both, resources, settings)
    .findings.map(({ policy, level, severity, urn, message }) => ({ policy, level, severity, urn, message }))
    .toSorted(byText);

const inPack = async (pack: RunningPack, plan: Pick<Plan, "project" | "stack" | "resources">) =>
  (await pack.analyze(plan)).diagnostics.filter(({ policy }) => both.some(({ id }) => id === policy)).toSorted(byText);

const hasLooked = ({ message }: { readonly message: string }) => !message.startsWith("can't run policy");

const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe.each(stages)("a pack that is told to stand at %s", (stage) => {
  let pack: RunningPack;
  beforeAll(async () => {
    pack = await startPack({ environment: { PULUMI_CONFIG: JSON.stringify({ "groundplan:stack": JSON.stringify({ profile: stage }) }) } });
  });
  afterAll(() => pack.stop());

  const plans = (Object.keys(shipped) as Shipped[]).filter((env) => shipped[env] === stage);
  test.each(plans)("finds in %s what `groundplan policy` finds, at the same levels", async (env) => {
    const plan = await shippedPlan(env);
    expect(await inPack(pack, plan)).toEqual(onPlan(plan.resources, defaultsOf(stage)));
  });

  test("finds the same in a program of raw resources", async () => {
    const plan = await badPlan();
    const found = onPlan(plan.resources, defaultsOf(stage));
    expect(found.length).toBeGreaterThan(0);
    expect(await inPack(pack, plan)).toEqual(found);
  });
});

describe("a pack that looks for everything", () => {
  let pack: RunningPack;
  beforeAll(async () => {
    pack = await startPack();
  });
  afterAll(() => pack.stop());

  test("finds the same in every plan, quotes nothing that is marked secret, and tells what it cannot look at", async () => {
    const settings = everything("prod");
    await pack.configure(configurationOf(settings));
    for (const plan of [await badPlan(), ...(await Promise.all((Object.keys(shipped) as Shipped[]).map(shippedPlan)))]) {
      const found = await inPack(pack, plan);
      expect(found, plan.stack).toEqual(onPlan(plan.resources, settings));
      // A host is kept as a secret where it is an Output, and has the name of its component, which everything tells.
      const names = new Set(componentsOf(plan).map(({ name }) => name));
      const secrets = new Set(plan.resources.flatMap(secretsOf).filter((value) => !names.has(value)));
      for (const { message } of found) for (const secret of secrets) expect(message).not.toContain(secret);
    }
    const { notApplicable } = await pack.analyze({
      project: "cases",
      stack: "test",
      resources: (cases["docker-no-host-access"]?.compliant[0]?.resources ?? []).map(asPlanned),
    });
    for (const { id } of catalogue.filter(({ needsSecretMarks }) => needsSecretMarks)) expect(notApplicable[id]).toMatch(/marked secret/);
  });

  const written = Object.entries(cases).flatMap(([id, { compliant, violating }]) => [...compliant, ...violating].map((one) => ({ id, ...one })));
  test.each(stages)("finds the same in every case of the catalogue at %s", async (stage) => {
    const settings = everything(stage);
    await pack.configure(configurationOf(settings));
    for (const { id, title, resources } of written.filter((one) => (one.stage ?? "prod") === stage)) {
      const told = await inPack(pack, { project: "cases", stack: "test", resources: resources.map(asPlanned) });
      const seen = resources
        .map((resource) => ({ ...resource, inputs: unknownCheckingProxy(inPreview(resource)) as Resource["inputs"], secretInputs: undefined }))
        .toSorted((a, b) => a.urn.localeCompare(b.urn));
      expect(told.filter(hasLooked), `${id}: ${title}`).toEqual(onPlan(seen, settings));
      const missed = evaluate(both, seen, settings).notRun.map(({ policy, urn = "" }) => `${policy} ${urn}`);
      expect(told.filter((one) => !hasLooked(one)).map(({ policy, urn }) => `${policy} ${urn}`)).toEqual(missed.toSorted());
    }
  });

  test("misses nothing for want of marks of secrets in what it runs", () => {
    const settings = everything("prod");
    const unmarked = (resources: readonly Resource[]) => resources.map((resource) => ({ ...resource, secretInputs: undefined }));
    const more = written.filter(({ resources }) => onPlan(resources, settings).length > onPlan(unmarked(resources), settings).length);
    expect([...new Set(more.map(({ id }) => id))]).toEqual([]);
  });

  test("tells a value that is not known before the deployment as what it could not look at, never as a pass", async () => {
    await pack.configure(configurationOf(everything("prod")));
    const { diagnostics } = await pack.analyze(unseen);
    expect(diagnostics.filter(({ policy }) => policy === "docker-no-host-access")).toMatchObject([
      { level: "advisory", message: expect.stringContaining("string value at .privileged can't be known during preview") },
    ]);
  });

  test.each(stages)("says of every mandatory policy that could not run at %s, as `groundplan policy` does, and stops prod alone", async (stage) => {
    await pack.configure(JSON.parse(readFileSync(join(packFolder, "stages", `${stage}.json`), "utf8")));
    const level = stage === "prod" ? "mandatory" : "advisory";
    const told = (await pack.analyze(unseen)).diagnostics.filter(({ policy }) => policy === "policy-not-run");
    expect(told).toEqual([
      {
        policy: "policy-not-run",
        level,
        severity: "unspecified",
        urn: unseen.resources[0]?.urn,
        message: "docker-no-host-access could not look at everything here: it needs a value that is not known before the deployment",
      },
    ]);
    const seen = unseen.resources.map((resource) => ({ ...resource, inputs: unknownCheckingProxy(resource.inputs) as Resource["inputs"] }));
    const { notRun } = evaluate(both, seen, defaultsOf(stage));
    expect(told.map(({ urn }) => urn)).toEqual(notRun.flatMap((missed) => (missed.level === "mandatory" ? [missed.urn] : [])));
  });

  /** A container of which nobody knows whether it is privileged. */
  const unseen = {
    project: "cases",
    stack: "test",
    resources: (cases["docker-no-host-access"]?.compliant[0]?.resources.slice(0, 1) ?? []).map((resource) =>
      asPlanned({ ...resource, inputs: { ...resource.inputs, privileged: unknownValue } }),
    ),
  };
});

/** Texts below the paths that are marked secret; what is shorter is a word of many sentences. */
function secretsOf({ inputs, secretInputs }: Plan["resources"][number]): string[] {
  const below = (value: unknown): string[] => {
    if (typeof value === "string") return value.length > 7 ? [value] : [];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(below) : [];
  };
  const at = (path: string) =>
    path.split(/[.[\]]+/).reduce<unknown>((inner, key) => (key === "" ? inner : (inner as Record<string, unknown> | undefined)?.[key]), inputs);
  return secretInputs.flatMap((path) => below(at(path)));
}
