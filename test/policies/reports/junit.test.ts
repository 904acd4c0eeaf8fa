import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { junitReport } from "../../../policies/reports/junit.ts";
import { disk, everything, gate, server } from "../gate.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  textNodeName: "text",
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  isArray: (name) => name === "testsuite" || name === "testcase",
});

interface TestCase extends Readonly<Record<"name" | "classname", string>> {
  readonly failure?: { readonly message: string; readonly text: string };
  readonly error?: { readonly message: string };
  readonly skipped?: { readonly message: string };
  readonly "system-out"?: string;
}

interface Suite extends Readonly<Record<"name" | "tests" | "failures" | "errors" | "skipped", string>> {
  readonly testcase: readonly TestCase[];
}

function suitesOf(xml: string): { readonly head: Readonly<Record<string, string>>; readonly suites: readonly Suite[] } {
  expect(XMLValidator.validate(xml)).toBe(true);
  const { testsuite, ...head } = parser.parse(xml).testsuites;
  return { head, suites: testsuite ?? [] };
}

const became = ({ failure, error, skipped, "system-out": out }: TestCase) =>
  failure ? "failure" : error ? "error" : skipped ? "skipped" : out?.startsWith("advisory") ? "advisory" : "passed";

describe("JUnit", () => {
  const { head, suites } = suitesOf(junitReport(everything()));

  test("has a suite for each type, with a case for each finding and each policy that found nothing", () => {
    expect(suites.map(({ name, testcase }) => [name, testcase.map((entry) => `${became(entry)} ${entry.name}`).toSorted()])).toEqual([
      ["nothing to look at", ["skipped toy-idle"]],
      ["toy:index:Disk", ["advisory toy-days: old days", "failure toy-whole: data"]],
      [
        "toy:index:Server",
        [
          "advisory toy-days: web days",
          "error toy-days: urn:pulumi:test::cases::toy:index:Server::odd",
          "error toy-marks: urn:pulumi:test::cases::toy:index:Server::odd",
          "error toy-open: urn:pulumi:test::cases::toy:index:Server::odd",
          "failure toy-open: api open",
          "skipped toy-open: web open",
        ],
      ],
      ["waivers", ["advisory waiver-stale: W-3", "failure waiver-expired: W-2"]],
    ]);
    const passed = suitesOf(junitReport(gate([server("web", {}), server("api", {})]))).suites.find(({ name }) => name === "toy:index:Server");
    expect(passed?.testcase.map((entry) => `${became(entry)} ${entry.name}: ${entry["system-out"]}`)).toEqual([
      "passed toy-open: 2 looked at",
      "passed toy-days: 2 looked at",
      "passed toy-marks: 2 looked at",
    ]);
  });

  test("has counts that agree with its cases", () => {
    const all = suites.flatMap(({ testcase }) => testcase);
    const count = (cases: readonly TestCase[]) => {
      const of = (what: string) => String(cases.filter((entry) => became(entry) === what).length);
      return { tests: String(cases.length), failures: of("failure"), errors: of("error"), skipped: of("skipped") };
    };
    expect(head).toMatchObject(count(all));
    for (const suite of suites) expect(suite).toMatchObject(count(suite.testcase));
  });

  test("a policy over the whole stack that did not run is an error, and did not pass", () => {
    const whole = suitesOf(junitReport(gate([disk("data", { broken: true })]))).suites;
    expect(whole.find(({ name }) => name === "the whole stack")?.testcase.map(({ name, error }) => [name, error?.message])).toEqual([
      ["toy-whole", "the check failed: no such disk"],
    ]);
    expect(whole.flatMap(({ testcase }) => testcase).filter(({ name }) => name === "toy-whole")).toHaveLength(1);
  });

  test("any text of a program comes out as it went in, but what XML cannot hold", () => {
    const text = fc.string({
      unit: fc.constantFrom(
        "a",
        "<",
        ">",
        "&",
        '"',
        "'",
        "]]>",
        "\n",
        "\r",
        "\t",
        "é",
        "😀",
        "\ud800",
        "\u0000",
        "\u001b",
        "\ufffe",
        "&amp;",
        "<!--",
      ),
    });
    fc.assert(
      fc.property(text, (open) => {
        const xml = junitReport(gate([server("web", { open })]));
        expect(xml, "readers turn a bare line break in an attribute into a space").not.toMatch(/="[^"]*[\n\r\t]/);
        const { suites: found } = suitesOf(xml);
        const [failure] = found.flatMap(({ testcase }) => testcase.flatMap((entry) => entry.failure ?? []));
        const legal = ["\u0000", "\u001b", "\ufffe"].reduce((well, sign) => well.replaceAll(sign, "\ufffd"), open.toWellFormed());
        expect(failure?.message).toBe(`open is "${legal}"`);
        expect(failure?.text.startsWith(`open is "${legal}"\nurn:`)).toBe(true);
      }),
    );
  });
});
