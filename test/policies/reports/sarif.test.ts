import schemaOfSarif from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { sarifReport } from "../../../policies/reports/sarif.ts";
import { disk, everything, gate, server } from "../gate.ts";

// It says draft 4, and differs in what is read here by the name of its id alone.
const { $schema: _draft, id: _id, ...schema } = schemaOfSarif;
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);
const runOf = (...args: Parameters<typeof everything>) => JSON.parse(sarifReport(everything(...args))).runs[0];

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly kind?: string;
  readonly message: { readonly text: string };
  readonly suppressions?: readonly object[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly locations: readonly { readonly physicalLocation: object; readonly logicalLocations?: readonly object[] }[];
}

describe("SARIF", () => {
  const outcomes = { everything: everything(), dev: everything({ stage: "dev" }), nothing: gate([]), whole: gate([disk("d", { broken: true })]) };
  test.each(Object.entries(outcomes))("is valid by the schema of 2.1.0: %s", (_title, outcome) => {
    validate(JSON.parse(sarifReport(outcome)));
    expect(validate.errors).toBeNull();
  });

  test("the schema does refuse what is none", () => {
    const log = JSON.parse(sarifReport(everything()));
    expect(validate({ ...log, version: "2.0.0" })).toBe(false);
    expect(validate({ ...log, runs: [{ ...log.runs[0], results: [{ level: "fatal", message: { text: "x" } }] }] })).toBe(false);
  });

  test("every result has its rule, and a print of its own", () => {
    const { results, tool } = runOf() as { results: Result[]; tool: { driver: { rules: { id: string }[] } } };
    expect(results).toHaveLength(7);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(new Set(results.map((result) => JSON.stringify(result.partialFingerprints))).size).toBe(results.length);
  });

  test("prints stay the same when a message or another finding changes, and two at one place differ", () => {
    const prints = (open: string, ...more: string[]) =>
      JSON.parse(sarifReport(gate([server("web", { open }), ...more.map((name) => server(name, { open: "on" }))])))
        .runs[0].results.filter(({ message }: Result) => message.text.startsWith("web"))
        .map((result: Result) => result.partialFingerprints["groundplanFinding/v1"]);
    expect(prints("on")).toEqual(prints("off", "api"));
    const twice = gate([server("web", { open: "on" })]);
    const doubled = JSON.parse(sarifReport({ ...twice, open: [...twice.open, ...twice.open] })).runs[0].results as Result[];
    expect(new Set(doubled.map((result) => result.partialFingerprints["groundplanFinding/v1"])).size).toBe(2);
  });

  test("a finding has a print also as GitHub reads it, so that those of one rule do not become one", () => {
    const prints = (runOf().results as Result[]).map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{64}:\d+$/);
    expect(new Set(prints).size).toBe(prints.length);
  });

  test("a waived finding is no error where suppressions are not read, though its policy is mandatory", () => {
    const { results } = runOf() as { results: Result[] };
    const forms = results
      .filter(({ ruleId }) => ruleId === "toy-open")
      .map(({ kind = "fail", level, suppressions }) => ({ kind, level, waived: !!suppressions }));
    expect(forms).toEqual([
      { kind: "fail", level: "error", waived: false },
      { kind: "informational", level: "none", waived: true },
    ]);
  });

  test("a waived finding is suppressed with its reason, an open one is not", () => {
    const results = runOf().results as Result[];
    const suppressed = results.filter(({ suppressions }) => suppressions);
    expect(suppressed.map(({ ruleId, suppressions }) => ({ ruleId, suppressions }))).toEqual([
      {
        ruleId: "toy-open",
        suppressions: [
          {
            kind: "external",
            status: "accepted",
            justification: "The machine stands in a room without a door.",
            properties: { waiver: "W-1", owners: ["Ada", "Alan"], ticket: "T-1", expires: "2026-12-31" },
          },
        ],
      },
    ]);
  });

  test("a finding points at the program and its resource, one on a waiver at its line", () => {
    const results = runOf().results as Result[];
    expect(results[0]?.locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: "stacks/main.js" }, region: { startLine: 1 } },
      logicalLocations: [{ fullyQualifiedName: "urn:pulumi:test::cases::toy:index:Server::api" }],
    });
    expect(results.find(({ ruleId }) => ruleId === "waiver-expired")?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: "policies/waivers.yaml" },
      region: { startLine: 12 },
    });
    const odd = everything();
    const [first] = JSON.parse(sarifReport({ ...odd, subject: { ...odd.subject, program: "a b/ü#.js" } })).runs[0].results;
    expect(first.locations[0].physicalLocation.artifactLocation.uri).toBe("a%20b/%C3%BC%23.js");
  });

  test("what did not run is a notification with its policy, and the run was not a success", () => {
    const [{ executionSuccessful, toolExecutionNotifications: notes }] = runOf().invocations;
    expect(executionSuccessful).toBe(false);
    expect(notes.map(({ associatedRule, level }: { associatedRule: { id: string }; level: string }) => `${level} ${associatedRule.id}`)).toEqual([
      "error toy-open",
      "warning toy-days",
      "error toy-marks",
    ]);
    expect(JSON.parse(sarifReport(gate([]))).runs[0].invocations[0].executionSuccessful).toBe(true);
  });

  test("mandatory is an error, advisory a warning; a policy that is disabled or not here is a rule that is not on", () => {
    const of = (policy: string) => (runOf().results as Result[]).find(({ ruleId }) => ruleId === policy)?.level;
    expect([of("toy-whole"), of("toy-days")]).toEqual(["error", "warning"]);
    const rules = JSON.parse(sarifReport(gate([{ ...server("web", {}), secretInputs: undefined }], { stage: "dev" }))).runs[0].tool.driver.rules;
    const off = rules.filter((rule: { defaultConfiguration: { enabled: boolean } }) => !rule.defaultConfiguration.enabled);
    expect(off.map(({ id }: { id: string }) => id)).toEqual(["toy-days", "toy-marks"]);
  });
});
