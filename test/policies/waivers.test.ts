import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Stage } from "../../policies/model.ts";
import { stops } from "../../policies/run.ts";
import { fitsUrn, parseWaivers, type Waiver } from "../../policies/waivers.ts";
import { disk, gate, policies, server, waiver } from "./gate.ts";

/** What became of one open finding of a critical policy. */
function judged(over: Partial<Waiver>, stage: Stage = "prod") {
  const outcome = gate([server("web", { open: "on" })], { waivers: [waiver(over)], stage });
  return {
    open: outcome.open.map(({ policy }) => policy),
    waived: outcome.waived.map((found) => found.waiver.id),
    rules: outcome.waiverFindings.map(({ rule, level }) => `${level} ${rule}`),
    stops: stops(outcome),
  };
}
const covered = { open: [], waived: ["W-1"], rules: [], stops: false };
const refused = (...rules: string[]) => ({ open: ["toy-open"], waived: [], rules: rules.map((rule) => `mandatory ${rule}`), stops: true });

describe("a waiver", () => {
  test("covers the findings of its policy at the resources of its pattern", () => {
    expect(judged({})).toEqual(covered);
    expect(judged({ urn: "urn:pulumi:test::cases::toy:index:Server::web" })).toEqual(covered);
  });

  test("holds through its last day in UTC, and covers nothing the day after", () => {
    expect(judged({ expires: "2026-11-28" })).toEqual(covered);
    expect(judged({ expires: "2026-11-27" })).toEqual(refused("waiver-expired"));
  });

  test("is for a year at most", () => {
    expect(judged({ expires: "2027-11-28" })).toEqual(covered);
    expect(judged({ expires: "2027-11-29" })).toEqual(refused("waiver-too-long"));
  });

  test.each([{ urn: "*::api" }, { urn: "urn:pulumi:test::cases::toy:index:Server::we" }, { policy: "toy-whole" }])(
    "of something else does nothing, and is told as stale: %j",
    (over) => {
      expect(judged(over)).toEqual({ open: ["toy-open"], waived: [], rules: ["advisory waiver-stale"], stops: true });
    },
  );

  test("that names another stack does nothing, and is not judged stale here", () => {
    const stack = (urn: string) => judged({ urn });
    expect(stack("urn:pulumi:other::cases::toy:index:Server::web")).toEqual({ ...refused(), rules: [] });
    expect(stack("urn:pulumi:other::cases::*::web")).toEqual({ ...refused(), rules: [] });
    expect(stack("urn:pulumi:other*::cases::*::web").rules).toEqual(["advisory waiver-stale"]);
  });

  test("of another stage does nothing and is not judged", () => {
    expect(judged({ stages: ["dev"], expires: "2020-01-01" })).toEqual({ ...refused(), rules: [] });
    expect(judged({ stages: ["dev", "prod"] })).toEqual(covered);
  });

  test.each(["*", "**", "urn:*", "urn:pulumi:*", "urn:pulumi:*::*", "*::*", "urn:pulumi:test::*", "urn:pulumi:test::cases::*", "urn:pulumi:te*"])(
    "for every resource is blanket: %s",
    (urn) => expect(judged({ urn })).toEqual(refused("waiver-blanket")),
  );

  test.each(["urn*", "u*", "*r*", "*e*", "*pulumi*", "*prod*", "*prod::shop::*", "*::shop::*", "*s*o*p*", "*:*:*::*", "urn:pulumi:prod::shop::*:*"])(
    "is blanket also when its letters are those of the stack alone: %s",
    (urn) => {
      const found = { ...server("web", { open: "on" }), urn: "urn:pulumi:prod::shop::toy:index:Server::web" };
      const child = { ...found, urn: "urn:pulumi:prod::shop::toy:index:Group$toy:index/server:Server::web" };
      for (const resource of [found, child]) {
        const { open, waived, waiverFindings } = gate([resource], { waivers: [waiver({ urn })] });
        expect([open.length, waived.length, ...waiverFindings.map(({ rule }) => rule)]).toEqual([1, 0, "waiver-blanket"]);
      }
    },
  );

  test.each(["*$*", "*/*", "*$*::*"])("is blanket when it asks for nothing but a form that most resources have: %s", (urn) => {
    const resource = { ...server("web", { open: "on" }), urn: "urn:pulumi:prod::shop::toy:index:Group$toy:index/server:Server::web" };
    expect(gate([resource], { waivers: [waiver({ urn })] }).waiverFindings.map(({ rule }) => rule)).toEqual(["waiver-blanket"]);
  });

  test.each(["*", "urn:pulumi:*::*"])("is blanket also where nothing is found: %s", (urn) => {
    expect(gate([], { waivers: [waiver({ urn })] }).waiverFindings.map(({ rule }) => rule)).toEqual(["waiver-blanket"]);
  });

  test.each(["*any*", "*toy*", "*we*"])("is not blanket with letters of a type or a name: %s", (urn) => {
    const found = { ...server("any-web", { open: "on" }), urn: "urn:pulumi:prod::shop::toy:index:Server::any-web" };
    expect(gate([found], { waivers: [waiver({ urn })] }).waived).toHaveLength(1);
  });

  test.each(["*toy:index:Server::*", "urn:pulumi:test::cases::toy*", "*web", "urn:pulumi:*::web"])("for some resources is not: %s", (urn) =>
    expect(judged({ urn })).toEqual(covered),
  );

  test("for every policy is blanket", () => {
    expect(judged({ policy: "*" })).toEqual(refused("waiver-blanket"));
  });

  test.each(["", "it is fine", "nineteen characters"])("without a real reason covers nothing: %j", (reason) =>
    expect(judged({ reason })).toEqual(refused("waiver-unreasoned")),
  );

  test("of a critical finding in prod needs two owners, who differ", () => {
    expect(judged({ owners: ["Ada"] })).toEqual(refused("waiver-owners"));
    expect(judged({ owners: ["Ada", "ada"] })).toEqual(refused("waiver-owners"));
    expect(judged({ owners: ["Ada"] }, "staging")).toEqual(covered);
    const other = gate([disk("data", {})], { waivers: [waiver({ policy: "toy-whole", urn: "*::data", owners: ["Ada"] })] });
    expect(other.waived).toHaveLength(1);
  });

  test("breaks several rules at once", () => {
    expect(judged({ urn: "*", reason: "", expires: "2020-01-01", owners: ["Ada"] })).toEqual(
      refused("waiver-blanket", "waiver-expired", "waiver-unreasoned", "waiver-owners"),
    );
  });

  test("is not stale where its policy could not look", () => {
    const outcome = gate([disk("data", { broken: true })], { waivers: [waiver({ policy: "toy-whole", urn: "*::data" })] });
    expect(outcome.notRun.map(({ policy }) => policy)).toEqual(["toy-whole"]);
    expect(outcome.waiverFindings).toEqual([]);
  });
});

test("a pattern fits as the expression that it stands for", () => {
  const pieces = fc.array(fc.constantFrom("*", "a", "b", "::", "."), { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(pieces, pieces, (pattern, urn) => {
      const expression = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "s");
      expect(fitsUrn(pattern, urn)).toBe(expression.test(urn));
    }),
  );
});

describe("the file", () => {
  const entry = (over: Record<string, string | undefined> = {}) => {
    const keys: Record<string, string | undefined> = {
      id: "W-1",
      policy: "toy-open",
      urn: '"*::web"',
      stage: "prod",
      reason: "because",
      owner: "Ada",
      ticket: "T-1",
      expires: "2026-12-31",
      ...over,
    };
    const lines = Object.entries(keys).filter(([, value]) => value !== undefined);
    return lines.map(([key, value], index) => `${index === 0 ? "  - " : "    "}${key}: ${value}`).join("\n");
  };
  const read = (...entries: string[]) => parseWaivers(`# of this project\nwaivers:\n${entries.join("\n")}\n`, "w.yaml", policies);
  const wrong = (...entries: string[]) => {
    const result = read(...entries);
    return "problems" in result ? result.problems.map(({ line, path, value, rule }) => ({ line, path, value, rule })) : [];
  };

  test("is read with the line of each waiver, one or more stages and owners", () => {
    expect(read(entry(), entry({ id: "W-2", stage: "[dev, prod]", owner: "[Ada, Alan]", reason: undefined }))).toEqual([
      waiver({ stages: ["prod"], reason: "because", owners: ["Ada"], file: "w.yaml", line: 3 }),
      waiver({ id: "W-2", stages: ["dev", "prod"], reason: "", file: "w.yaml", line: 11 }),
    ]);
  });

  test.each(["", "# nothing yet\n", "waivers: []\n", "waivers:\n"])("may be empty: %j", (text) => {
    expect(parseWaivers(text, "w.yaml", policies)).toEqual([]);
  });

  test.each([
    ["an id that is not known", { policy: "toy-opne" }, "policy", "toy-opne"],
    ["part of an id", { policy: '"toy-*"' }, "policy", "toy-*"],
    ["a day that is not in the calendar", { expires: "2026-02-30" }, "expires", "2026-02-30"],
    ["a moment", { expires: "2026-12-31T12:00:00Z" }, "expires", "2026-12-31T12:00:00Z"],
    ["no day", { expires: undefined }, "expires", undefined],
    ["a stage that is not one", { stage: "production" }, "stage", "production"],
    ["no stage", { stage: "[]" }, "stage", []],
    ["no owner", { owner: undefined }, "owner", undefined],
    ["an empty ticket", { ticket: '" "' }, "ticket", " "],
    ["a key that is not known", { expiry: "2026-12-31" }, "expiry", "2026-12-31"],
  ])("tells of %s", (_title, over, path, value) => {
    expect(wrong(entry(over))).toEqual([{ line: expect.any(Number), path: `waivers[0].${path}`, value, rule: expect.stringMatching(/\w/) }]);
  });

  test("tells of everything at once, each with its line", () => {
    expect(wrong(entry({ expires: "soon" }), entry({ stage: "qa" })).map(({ line, path }) => `${line} ${path}`)).toEqual([
      "10 waivers[0].expires",
      "14 waivers[1].stage",
    ]);
    expect(wrong(entry(), entry({ policy: "gone-policy" })).map(({ line, path }) => `${line} ${path}`)).toEqual([
      "11 waivers[1].id",
      "12 waivers[1].policy",
    ]);
  });

  test.each(["waivers: [", "waivers: 1", "a: 1", "- 1", "waivers:\n  - id: 1\n    id: 2", "a: &a [*a]\nb: *c"])(
    "says what is wrong with %j",
    (text) => {
      const result = parseWaivers(text, "w.yaml", policies);
      expect("problems" in result && result.problems.length).toBeGreaterThan(0);
    },
  );
});
