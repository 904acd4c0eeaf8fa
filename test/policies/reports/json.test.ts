import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { jsonReport } from "../../../policies/reports/json.ts";
import { disk, everything, gate, server } from "../gate.ts";

const repository = resolve(import.meta.dirname, "..", "..", "..");
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(join(repository, "policies", "reports", "report.schema.json"), "utf8")));

const outcomes = {
  "one of everything": everything(),
  "the same in dev": everything({ stage: "dev" }),
  "a policy over the whole stack that did not run": gate([disk("data", { broken: true })]),
  "nobody tells what is secret": gate([{ ...server("web", { open: "on" }), secretInputs: undefined }]),
  "nothing at all": gate([]),
};

test.each(Object.entries(outcomes))("has the form of its schema: %s", (_title, outcome) => {
  validate(JSON.parse(jsonReport(outcome)));
  expect(validate.errors).toBeNull();
});

test("has the version first, what stops, the counts and every finding", () => {
  const report = JSON.parse(jsonReport(everything()));
  expect(Object.keys(report)[0]).toBe("schema");
  expect(report).toMatchObject({
    schema: "groundplan.policy/1",
    project: "shop",
    stack: "shop-prod",
    stage: "prod",
    day: "2026-11-28",
    stops: true,
    counts: { mandatory: 3, advisory: 3, waived: 1, notRun: 3 },
    waived: [{ policy: "toy-open", name: "web", waiver: { id: "W-1", owners: ["Ada", "Alan"], expires: "2026-12-31" } }],
  });
  expect(report.findings.map(({ policy, name }: Record<string, string>) => `${policy} ${name}`)).toEqual([
    "toy-open api",
    "toy-whole data",
    "toy-days old",
    "toy-days web",
  ]);
});

test("what stops comes first, whatever its severity", () => {
  const levels = { "toy-days": { prod: "mandatory" }, "toy-whole": { prod: "advisory" } } as const;
  const { findings } = JSON.parse(jsonReport(gate([disk("old", { days: 2 })], { overrides: { levels, parameters: {}, lowered: [] } })));
  expect(findings.map(({ policy }: Record<string, string>) => policy)).toEqual(["toy-days", "toy-whole"]);
});

test("the schema has what it is for: a report with another key, version or level is none", () => {
  const report = JSON.parse(jsonReport(everything()));
  for (const other of [
    { ...report, more: 1 },
    { ...report, schema: "groundplan.policy/2" },
    { ...report, findings: [{ ...report.findings[0], level: "disabled" }] },
  ])
    expect(validate(other)).toBe(false);
});
