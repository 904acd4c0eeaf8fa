import { afterEach, expect, test, vi } from "vitest";
import { keepsStackTraces, quietly } from "../../../src/core/quietly.ts";

afterEach(() => vi.unstubAllEnvs());

test("no traces inside, and as many as before afterwards", () => {
  const before = Error.stackTraceLimit;
  const made = quietly(() => ({ limit: Error.stackTraceLimit, stack: new Error("why").stack }));
  expect(made).toEqual({ limit: 0, stack: "Error: why" });
  expect(Error.stackTraceLimit).toBe(before);
});

test("also when it throws, and the error says why", () => {
  const before = Error.stackTraceLimit;
  expect(() =>
    quietly(() => {
      throw new Error("db: refused");
    }),
  ).toThrow("db: refused");
  expect(Error.stackTraceLimit).toBe(before);
});

test("within another one it ends with the outer one", () => {
  expect(quietly(() => [quietly(() => Error.stackTraceLimit), Error.stackTraceLimit])).toEqual([0, 0]);
});

test("whoever looks for a fault keeps them", () => {
  vi.stubEnv("GROUNDPLAN_STACK_TRACES", "1");
  expect(quietly(() => Error.stackTraceLimit)).toBe(Error.stackTraceLimit);
  expect(keepsStackTraces({ PULUMI_DEBUG_PROMISE_LEAKS: "true" })).toBe(true);
  expect(keepsStackTraces({ GROUNDPLAN_STACK_TRACES: "0" })).toBe(false);
});
