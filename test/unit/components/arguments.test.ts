import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatProblems } from "../../../src/core/problems.ts";
import { type Kind, settingsOf, specs } from "../../support/settings.ts";
import { componentArgs } from "../arbitraries.ts";

const everyProfile = (["dev", "staging", "prod"] as const).map((profile) => settingsOf({ profile }));

/** The same without keys that hold null; lists stay as they are. */
const withoutNull = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNull(inner)]])))
    : value;

describe.each(Object.keys(specs) as Kind[])("%s", (kind) => {
  test("answers any arguments with a spec, and wrong ones with problems as well", () => {
    fc.assert(
      fc.property(componentArgs[kind], fc.constantFrom(...everyProfile), (args, settings) => {
        const spec = specs[kind]("it", args, settings);
        for (const { component, path, rule, fix } of spec.problems) {
          expect(component).toBe("it");
          expect(path).not.toBe("");
          expect([rule, fix].every((part) => part.trim() !== "")).toBe(true);
        }
        expect(formatProblems(spec.problems)).not.toMatch(/^\s+at /m);
        // What the class hands to its parent and to a dependant must not break either.
        expect(() => JSON.stringify(spec.digest)).not.toThrow();
        if (kind !== "PostgresDb" && kind !== "MessageQueue") expect(Object.keys(spec.connections)).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  // In a stack file null takes away, so there it is no value.
  test("arguments of the stack file go the same way as those of the topology", () => {
    fc.assert(
      fc.property(componentArgs[kind], (args) => {
        const plain = withoutNull(JSON.parse(JSON.stringify(args))) as object;
        const paths = (spec: { problems: readonly { path: string }[] }) => spec.problems.map(({ path }) => path).toSorted();
        expect(paths(specs[kind]("it", {}, settingsOf({ components: { it: plain } })))).toEqual(paths(specs[kind]("it", plain)));
      }),
    );
  });
});
