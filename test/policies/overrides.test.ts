import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../policies/catalogue/index.ts";
import { readPolicyFiles } from "../../policies/files.ts";
import { noOverrides, parseOverrides, settingsOf } from "../../policies/overrides.ts";
import { reportFormats } from "../../policies/reports/formats.ts";
import { reports } from "../../policies/reports/index.ts";
import { stops } from "../../policies/run.ts";
import { parseWaivers } from "../../policies/waivers.ts";
import { disk, gate, policies, server } from "./gate.ts";

const repository = resolve(import.meta.dirname, "..", "..");
const read = (text: string) => parseOverrides(text, "o.yaml", policies);
const sound = (text: string) => {
  const result = read(text);
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result;
};
const wrong = (text: string) => {
  const result = read(text);
  return "problems" in result ? result.problems.map(({ line, path, value }) => `${line} ${path} = ${JSON.stringify(value)}`) : [];
};
const days = (value: number, text: string, stage: "staging" | "prod" = "prod") =>
  gate([disk("old", { server: "web", days: value })], { overrides: sound(text), stage }).open.map(({ policy }) => policy);

describe("overrides", () => {
  test("set a level for a stage, and leave the others", () => {
    const overrides = sound("levels:\n  toy-days: { prod: mandatory }\n  toy-open: { dev: disabled }\n");
    const level = (stage: "dev" | "staging" | "prod") => policies.map((policy) => settingsOf(stage, overrides).level(policy));
    expect(level("prod").slice(0, 2)).toEqual(["mandatory", "mandatory"]);
    expect(level("staging").slice(0, 2)).toEqual(["mandatory", "advisory"]);
    expect(level("dev").slice(0, 2)).toEqual(["disabled", "disabled"]);
    const outcome = gate([server("web", { open: "on" })], { overrides, stage: "dev" });
    expect(outcome.open).toEqual([]);
    expect(outcome.policies.find(({ id }) => id === "toy-open")).toMatchObject({ state: "disabled", level: "disabled", looked: {} });
  });

  const reason = "The scanner of the platform looks for it already.";

  test("lower the level of a high policy in prod with a reason alone, others and elsewhere without", () => {
    const level = (text: string) => settingsOf("prod", sound(text)).level(policies[2] ?? expect.fail());
    const lower = (prod: string) => `levels:\n  toy-whole: { dev: advisory, staging: advisory, prod: ${prod} }\n`;
    expect(level(lower(`{ level: advisory, reason: ${reason} }`))).toBe("advisory");
    for (const prod of ["advisory", "{ level: advisory }", '{ level: advisory, reason: "" }'])
      expect(wrong(lower(prod))).toEqual(['2 levels.toy-whole.prod = "advisory"']);
    expect(wrong(lower("{ level: advisory, reason: nineteen characters }"))).toEqual(['2 levels.toy-whole.prod = "nineteen characters"']);
    expect(wrong(lower(`{ level: off, reason: ${reason} }`))).toEqual([expect.stringMatching(/^2 levels\.toy-whole\.prod/)]);
    expect(level("levels: { toy-whole: { prod: { level: mandatory, reason: as it was } } }")).toBe("mandatory");
    sound("levels: { toy-days: { staging: disabled, prod: disabled }, toy-whole: { dev: disabled } }");
  });

  test("that lower a level are told in every run of that stage, at their line", () => {
    const overrides = sound(
      `levels:\n  toy-days: { prod: mandatory }\n  toy-whole:\n    dev: disabled\n    staging: disabled\n    prod: { level: disabled, reason: ${reason} }\n`,
    );
    const told = (stage: "dev" | "staging" | "prod") => {
      const outcome = gate([disk("data", {})], { overrides, stage });
      expect(stops(outcome), "it is advice").toBe(false);
      return outcome.waiverFindings;
    };
    expect(told("prod")).toEqual([
      {
        rule: "override-weakens",
        level: "advisory",
        waiver: "toy-whole",
        file: "o.yaml",
        line: 6,
        message: `lowers it in prod from mandatory to disabled: ${reason}`,
      },
    ]);
    expect(told("dev")).toMatchObject([{ line: 4, message: "lowers it in dev from mandatory to disabled" }]);
  });

  test("are shown in every report that lowers something", () => {
    const overrides = sound(`levels:\n  toy-whole: { dev: disabled, staging: disabled, prod: { level: disabled, reason: ${reason} } }\n`);
    const outcome = gate([disk("data", {})], { overrides });
    for (const format of reportFormats) {
      const text = reports[format](outcome).replaceAll("\\", "");
      for (const word of ["override-weakens", "toy-whole", "o.yaml", "lowers it in prod from mandatory to disabled"])
        expect(text, format).toContain(word);
    }
    expect(reports.github(outcome)).toContain("override of toy-whole lowers it");
  });

  test("set a parameter for every stage, or for one", () => {
    expect(days(20, "")).toEqual(["toy-days"]);
    expect(days(20, "parameters: { toy-days: { days: 20 } }")).toEqual([]);
    expect(days(20, "parameters: { toy-days: { days: { prod: 21 } } }")).toEqual(["toy-days"]);
    expect(days(20, "parameters: { toy-days: { days: { prod: 21 } } }", "staging")).toEqual([]);
  });

  test.each(["", "# nothing\n", "levels:\n", "levels: {}\nparameters: {}\n"])("may be empty: %j", (text) => {
    expect(read(text)).toEqual(noOverrides);
  });

  test("take both ends of a range", () => {
    expect(days(1, "parameters: { toy-days: { days: 1 } }")).toEqual([]);
    expect(days(99, "parameters: { toy-days: { days: { prod: 100 } } }")).toEqual(["toy-days"]);
  });

  test.each([
    [
      "a later stage that is laxer than an earlier one",
      "levels:\n  toy-days: { staging: mandatory }\n",
      ['2 levels.toy-days = "dev disabled, staging mandatory, prod advisory"'],
    ],
    [
      "a later stage that is lowered alone",
      `levels: { toy-whole: { prod: { level: advisory, reason: ${"the reason is a real one"} } } }`,
      ['1 levels.toy-whole = "dev mandatory, staging mandatory, prod advisory"'],
    ],
    ["a policy that is not known", "levels: { toy-opne: { dev: advisory } }", ['1 levels.toy-opne = "toy-opne"']],
    ["a stage that is not one", "levels:\n  toy-days:\n    production: advisory\n", ['3 levels.toy-days.production = "advisory"']],
    ["a level that is not one", "levels: { toy-days: { dev: off } }", ['1 levels.toy-days.dev = "off"']],
    ["a critical policy weakened in prod", "levels:\n  toy-open: { prod: advisory }\n", ['2 levels.toy-open.prod = "advisory"']],
    ["a parameter that is not known", "parameters: { toy-days: { weeks: 2 } }", ['1 parameters.toy-days.weeks = "weeks"']],
    ["what every object has", "parameters: { toy-days: { constructor: 2 } }", ['1 parameters.toy-days.constructor = "constructor"']],
    ["a parameter of a policy without any", "parameters: { toy-open: { days: 2 } }", ['1 parameters.toy-open.days = "days"']],
    ["a number below the range", "parameters: { toy-days: { days: 0 } }", ["1 parameters.toy-days.days = 0"]],
    ["a number above it, in one stage", "parameters: { toy-days: { days: { dev: 101, prod: 100 } } }", ["1 parameters.toy-days.days.dev = 101"]],
    ["no number", "parameters: { toy-days: { days: many } }", ['1 parameters.toy-days.days = "many"']],
    ["infinity", "parameters: { toy-days: { days: .inf } }", ["1 parameters.toy-days.days = null"]],
    ["a key that is not known", "level: {}", ["1 level = {}"]],
  ])("are refused with %s", (_title, text, problems) => {
    expect(wrong(text)).toEqual(problems);
  });

  test("are refused with everything at once", () => {
    expect(wrong("levels:\n  gone-a: { dev: advisory }\n  toy-open: { prod: disabled }\nparameters:\n  toy-days: { days: 0 }\n")).toHaveLength(3);
  });
});

describe("the files of a project", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "groundplan-policy-files-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("need not be there, unless they are named", () => {
    expect(readPolicyFiles(root, {}, policies)).toEqual({ waivers: [], overrides: noOverrides });
    const result = readPolicyFiles(root, { waivers: "gone.yaml", overrides: join(root, "gone-too.yaml") }, policies);
    expect("problems" in result && result.problems.map(({ file, fix }) => `${file}: ${fix}`)).toEqual([
      "gone.yaml: correct --waivers, or leave it out",
      "gone-too.yaml: correct --overrides, or leave it out",
    ]);
  });

  test("are told together when both are wrong, by their names within the project", () => {
    writeFileSync(join(root, "w.yaml"), "waivers: 1\n");
    writeFileSync(join(root, "o.yaml"), "levels: 1\n");
    const result = readPolicyFiles(root, { waivers: "w.yaml", overrides: join(root, "o.yaml") }, policies);
    expect("problems" in result && result.problems.map(({ file }) => file)).toEqual(["w.yaml", "o.yaml"]);
  });

  test("a folder is no file", () => {
    expect(readPolicyFiles(root, { waivers: "." }, policies)).toMatchObject({ problems: [{ value: root }] });
  });

  test("of this repository are sound", () => {
    expect(readPolicyFiles(repository, { waivers: "policies/waivers.yaml" }, catalogue)).not.toHaveProperty("problems");
  });

  test("that are shown as examples are sound, and so are their waivers", () => {
    const text = (name: string) => readFileSync(join(repository, name), "utf8");
    const shown = (key: string) => new RegExp(`^\`\`\`yaml\\n(${key}:[\\s\\S]*?)^\`\`\``, "m").exec(text("docs/policy-gate.md"))?.[1] ?? "";
    const commented = text("policies/waivers.yaml")
      .split("\n")
      .flatMap((line) => (line.startsWith("#") && !line.includes("policy-gate") ? [line.replace(/^# ?/, "")] : []))
      .join("\n");
    for (const example of [shown("waivers"), commented]) {
      const waivers = parseWaivers(example, "example", catalogue);
      expect(waivers).toEqual([expect.objectContaining({ stages: ["prod"] })]);
      const { waiverFindings } = gate([], { policies: catalogue, waivers: "problems" in waivers ? [] : waivers });
      expect(waiverFindings.map(({ rule }) => rule)).toEqual(["waiver-stale"]);
    }
    expect(parseOverrides(shown("levels"), "example", catalogue)).toMatchObject({ levels: { "image-digest": { prod: "mandatory" } } });
  });
});
