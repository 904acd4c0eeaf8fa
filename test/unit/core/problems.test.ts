import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatProblems, nearest, PlanProblems, type Problem, shownValue } from "../../../src/core/problems.ts";

const problem = (over: Partial<Problem> = {}): Problem => ({ component: "db", path: "memoryMiB", value: 5, rule: "more", fix: "raise it", ...over });

describe("a value as it may be shown", () => {
  test.each([
    ["memoryMiB", 5, "5"],
    ["name", "a\nb", '"a\\nb"'],
    ["streams", { A: [1] }, '{"A":[1]}'],
    ["version", undefined, "missing"],
    ["env.DB_PASSWORD", "hunter2", "[hidden]"],
    ["apiKey", { a: 1 }, "[hidden]"],
    ["env", { DB_PASSWORD: "hunter2", A: "b" }, '{"DB_PASSWORD":"[hidden]","A":"b"}'],
    ["url", "postgres://app:hunter2@db:5432/app", '"postgres://app:[hidden]@db:5432/app"'],
    ["url", "https://ghp_token@github.com/acme", '"https://[hidden]@github.com/acme"'],
    ["url", "http://db:5432/app", '"http://db:5432/app"'],
    ["tls.key", "-----BEGIN EC PRIVATE KEY-----\nhunter2", '"[hidden]"'],
    ["tls", { pem: "-----BEGIN PRIVATE KEY-----\nhunter2" }, '{"pem":"[hidden]"}'],
  ])("%s = %j", (path, value, shown) => expect(shownValue(path, value)).toBe(shown));

  test("no part of a password inside a URL, whatever it is made of", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, unit: "grapheme" }), (password) => {
        const marked = `<${password}>`;
        for (const value of [`redis://app:${marked}@cache:6379`, { deep: [`redis://:${marked}@cache`] }]) {
          expect(shownValue("url", value)).not.toMatch(/[<>]/);
        }
      }),
    );
  });

  test("long values are cut, and what JSON cannot say is shown all the same", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(shownValue("x", "a".repeat(500))).toHaveLength(80);
    expect(shownValue("x", circle)).toBe("[object]");
    expect(shownValue("x", { size: 5n })).toBe('{"size":"5n"}');
  });

  test("a secret Output does not give its value away", () => {
    expect(shownValue("image", { reference: pulumi.secret("hunter2") })).not.toContain("hunter2");
  });
});

describe("the message", () => {
  test("says what, where, the value, its origin, the rule and the fix", () => {
    expect(formatProblems([problem({ origin: "Pulumi.dev.yaml" }), problem({ path: "", value: "x" })])).toBe(
      [
        "2 problems in the plan; nothing was created",
        "  db: memoryMiB = 5 (from Pulumi.dev.yaml)",
        "    rule  more",
        "    fix   raise it",
        "    code  GP310",
        '  db = "x"',
        "    rule  more",
        "    fix   raise it",
        "    code  GP310",
      ].join("\n"),
    );
    expect(formatProblems([problem()])).toMatch(/^1 problem in the plan/);
  });

  test("an error keeps the problems for those who want more than text", () => {
    const error = new PlanProblems([problem()]);
    expect(error.problems).toEqual([problem()]);
    expect(error.message).toBe(formatProblems([problem()]));
  });
});

describe("nearest", () => {
  const known = ["replicas", "memoryMiB", "storageGiB", "version", "read", "old"];
  test.each([
    ["replica", "replicas"],
    ["REPLICAS", "replicas"],
    ["raed", "read"],
    ["memoryMb", "memoryMiB"],
    ["verzion", "version"],
    ["odl", "old"],
    ["xyz", undefined],
    ["reader", "read"],
    ["write", undefined],
    ["", undefined],
  ])("%j -> %j", (word, guess) => expect(nearest(word, known)).toBe(guess));

  test("one slip of the pen in a longer word is always forgiven", () => {
    const letters = fc.stringMatching(/^[a-z]{5,12}$/);
    fc.assert(
      fc.property(letters, fc.nat(), fc.constantFrom("drop", "double", "swap", "change"), (word, where, slip) => {
        const at = where % (word.length - 1);
        const [before, letter, next, after] = [word.slice(0, at), word[at] ?? "", word[at + 1] ?? "", word.slice(at + 2)];
        const slips = {
          drop: before + next + after,
          double: before + letter + letter + next + after,
          swap: before + next + letter + after,
          change: `${before}#${next}${after}`,
        };
        expect(nearest(slips[slip], [word, "0".repeat(30)])).toBe(word);
      }),
    );
  });
  test("nothing is known", () => expect(nearest("a", [])).toBeUndefined());
});
