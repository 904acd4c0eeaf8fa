import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
  aPlatform,
  type Check,
  decimal,
  either,
  flag,
  inputOf,
  integer,
  listOf,
  mapOf,
  matching,
  oneOf,
  problemsOf,
  shape,
} from "../../../src/core/checks.ts";

const rulesOf = (check: Check, value: unknown) => check(value, "at").map(({ rule }) => rule);
const pathsOf = (check: Check, value: unknown, at = "at") => check(value, at).map(({ path }) => path);
const word = matching(/^[a-z]+$/, "a word", "write a word");

describe("numbers", () => {
  test.each([1, 3])("integer takes its bounds: %d", (value) => expect(rulesOf(integer(1, 3), value)).toEqual([]));
  test.each([0, 4, 1.5, "2", Number.NaN, Number.POSITIVE_INFINITY, null, [2]])("integer refuses %j", (value) => {
    expect(rulesOf(integer(1, 3, "MiB"), value)).toEqual(["a whole number from 1 to 3 MiB"]);
  });
  test("decimal takes fractions, and nothing infinite", () => {
    expect(rulesOf(decimal(0.05, 256), 0.05)).toEqual([]);
    for (const value of [0.04, 257, Number.NaN, Number.POSITIVE_INFINITY, "1"])
      expect(rulesOf(decimal(0.05, 256), value)).toEqual(["a number from 0.05 to 256"]);
  });
});

describe("words", () => {
  test("flag takes no text that looks like one", () => {
    expect(rulesOf(flag, false)).toEqual([]);
    expect(rulesOf(flag, "false")).toEqual(["true or false"]);
  });
  test("oneOf guesses what was meant, or lists all", () => {
    const [guess] = oneOf(["read", "write"])("wriet", "at");
    expect(guess?.fix).toBe("did you mean write?");
    expect(oneOf(["read", "write"])("admin", "at")[0]?.fix).toBe("choose read or write");
    expect(oneOf(["16", "17"])(17, "at")[0]?.fix).toBe('write it in quotes: "17"');
  });
  test("matching takes text only, also when other things look like it", () => {
    expect(rulesOf(word, ["abc"])).toEqual(["a word"]);
    expect(rulesOf(word, { toString: () => "abc" })).toEqual(["a word"]);
  });
});

describe("lists and maps", () => {
  test("every wrong entry is found, each at its place", () => {
    expect(pathsOf(listOf(word), ["a", 1, "b", null])).toEqual(["at[1]", "at[3]"]);
    expect(pathsOf(mapOf(word, flag), { a: true, B: 1, c: "no" })).toEqual(["at.B", "at.B", "at.c"]);
  });
  test("a name is called a name", () => {
    expect(mapOf(word, flag)({ B: true }, "at")[0]?.rule).toBe("the name must be a word");
  });
  test("a list is no map and a map no list", () => {
    expect(rulesOf(mapOf(word, flag), [])).toEqual(["a map of names to settings"]);
    expect(rulesOf(listOf(word), {})).toEqual(["a list"]);
    expect(rulesOf(listOf(word, 1), [])).toEqual(["at least 1 entry"]);
  });
});

describe("shape", () => {
  const check = shape<{ name: string; size: number; deep: object }>({ name: word, size: integer(1, 3), deep: shape<{ on: boolean }>({ on: flag }) }, [
    "name",
  ]);

  test("unknown, missing and wrong keys in one go, nested ones by their full path", () => {
    const findings = check({ size: 9, deep: { on: 1, off: 2 }, nmae: "a" }, "");
    expect(findings.map(({ path, rule }) => `${path}: ${rule}`)).toEqual([
      "nmae: a known argument",
      "name: required",
      "size: a whole number from 1 to 3",
      "deep.off: a known argument",
      "deep.on: true or false",
    ]);
    expect(findings[0]?.fix).toBe("did you mean name?");
  });
  test("undefined is left out, null is a value", () => {
    expect(pathsOf(check, { name: "a", size: undefined }, "")).toEqual([]);
    expect(pathsOf(check, { name: "a", size: null }, "")).toEqual(["size"]);
    expect(rulesOf(check, { name: "" })).toEqual(["a word"]);
  });
  test.each([null, [], "text", 5])("%j is no map of settings", (value) => expect(rulesOf(check, value)).toEqual(["a map of settings"]));
  test("names that every object has are unknown like any other", () => {
    expect(pathsOf(check, JSON.parse('{"name": "a", "constructor": 1, "__proto__": 2, "toString": 3}'), "")).toEqual([
      "constructor",
      "__proto__",
      "toString",
    ]);
  });
});

test("either answers with the complaint of the nearest alternative", () => {
  const check = either(shape<{ a: number; b: number }>({ a: integer(1, 1), b: integer(1, 1) }), shape<{ a: number }>({ a: integer(1, 1) }));
  expect(pathsOf(check, { a: 1, b: 1 })).toEqual([]);
  expect(pathsOf(check, { a: 2, b: 2, c: 3 })).toHaveLength(3);
  expect(pathsOf(check, { a: 2 })).toEqual(["at.a"]);
});

test("inputOf leaves alone what is known only later", () => {
  expect(rulesOf(inputOf(word), pulumi.output(5))).toEqual([]);
  expect(rulesOf(inputOf(word), Promise.resolve(5))).toEqual([]);
  expect(rulesOf(inputOf(word), { apply: 1 })).toEqual(["a word"]);
});

test("a platform is something that realises, not a setting", () => {
  expect(rulesOf(aPlatform, { realise: () => undefined })).toEqual([]);
  expect([undefined, "docker", {}, { realise: true }].map((value) => rulesOf(aPlatform, value).length)).toEqual([1, 1, 1, 1]);
});

test("a problem takes the origin of the longest path that it lies below", () => {
  const origins = { streams: "file", "streams.ORDERS": "variable", stream: "other" };
  const at = (path: string) => problemsOf("bus", [{ path, value: 1, rule: "r", fix: "f" }], origins)[0]?.origin;
  expect(at("streams.ORDERS.subjects[0]")).toBe("variable");
  expect(at("streams.ORDERS2")).toBe("file");
  expect(at("streams[0]")).toBe("file");
  expect(at("replicas")).toBeUndefined();
});
