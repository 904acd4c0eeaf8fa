import { describe, expect, test } from "vitest";
import { formatProblems, type Problem } from "../../../src/core/problems.ts";
import { strayOverrides } from "../../../src/core/settle.ts";
import { goodDocument, settleDocument, specs } from "../../support/settings.ts";
import { type MalformedCase, malformedCases } from "./malformed-cases.ts";

/** What one run reports: the settings first, and once they are right the components with all of theirs. */
function problemsOf(malformed: MalformedCase): readonly Problem[] {
  const document = "document" in malformed ? malformed.document : { ...goodDocument, ...malformed.stack };
  const result = settleDocument(document, malformed.environment);
  if (!("settings" in result)) return result.problems;
  const components = malformed.components ?? [];
  const names = components.map(([, name]) => name);
  return [
    ...components.flatMap(([kind, name, args]) => specs[kind](name, args, result.settings).problems),
    ...strayOverrides(result.settings, names),
  ];
}

const secretName = /pass|secret|token|credential|api[-_]?key/i;

/** Values that no message may show: those below a name that looks secret, and passwords inside URLs. */
function secretsIn(value: unknown, name = ""): string[] {
  if (typeof value === "object" && value !== null && !("endpoint" in value)) {
    return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, secretName.test(name) ? name : key));
  }
  if (typeof value !== "string") return [];
  const password = /:\/\/[^:/\s]*:(.+)@/.exec(value)?.[1];
  return secretName.test(name) ? [value] : password ? [password] : [];
}

describe.each(malformedCases)("$name", (malformed) => {
  const run = () => problemsOf(malformed);
  const byPath = <P extends { path: string }>(list: readonly P[]) => list.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

  test("all problems at once, each with its rule, fix and origin", () => {
    const found = byPath(run());
    expect(found.map(({ path }) => path)).toEqual(byPath(malformed.expected).map(({ path }) => path));
    for (const [index, { rule, fix, origin }] of byPath(malformed.expected).entries()) {
      const problem = found[index] as Problem;
      expect(problem).toHaveProperty("value");
      expect(problem.component).not.toBe("");
      expect(problem.rule).toMatch(rule);
      expect(problem.fix).toMatch(fix);
      expect(problem.origin).toBe(origin);
    }
  });

  test("a message without stack trace and without secrets", () => {
    const problems = run();
    const message = formatProblems(problems);
    expect(message).toContain(`${problems.length} problem`);
    expect(message).not.toMatch(/^\s+at /m);
    const inputs = [malformed.document, malformed.stack, malformed.environment, malformed.components];
    for (const secret of inputs.flatMap((input) => secretsIn(input))) expect(message).not.toContain(secret);
    for (const { rule, fix } of problems) {
      expect(rule.trim()).not.toBe("");
      expect(fix.trim()).not.toBe("");
    }
  });
});

test("the table is complete", () => {
  expect(malformedCases.length).toBeGreaterThanOrEqual(60);
  expect(new Set(malformedCases.map(({ name }) => name)).size).toBe(malformedCases.length);
  expect(malformedCases.filter(({ expected }) => expected.length >= 3).length).toBeGreaterThanOrEqual(8);
  expect(malformedCases.every(({ expected }) => expected.length > 0)).toBe(true);
});
