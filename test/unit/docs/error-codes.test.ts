import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { errors } from "../../../src/core/errors.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
const codes = Object.keys(errors);

/** TypeScript below a folder, with its text. */
const sources = (folder: string, wanted: (file: string) => boolean): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && wanted(file))
    .map((file) => readFileSync(join(root, folder, file), "utf8"));

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, code]) => code ?? "");

/**
 * Codes that a test asserts of what the product says: in its last line, as the `code` of an error or a problem, or in a list of
 * codes of real problems. A code in a table or in what a test gives to the product is none.
 */
function asserted(text: string): string[] {
  // `ends` of errors.test.ts runs the command and looks at the last line.
  const lastLines = found(text, /\bendsWithCode\("(GP\d{3})"\)/g).concat(found(text, /\bends\((?:[^;"]|"(?!GP\d{3}")[^"]*")*"(GP\d{3})"/g));
  const compared = text.split(/;\s*\n/).flatMap((statement) => {
    // What matches an object asserts wherever it stands.
    const matched = found(statement, /\bobjectContaining\(\{[^}]*?\bcode: "(GP\d{3})"/g);
    const [, subject = "", expected = ""] = /\bexpect\((.*?)\.to(?:Equal|MatchObject|ContainEqual|Throw)\((.*)$/s.exec(statement) ?? [];
    return [...matched, ...found(expected, /^(?:codes|await found|settings)\(/.test(subject) ? /"(GP\d{3})"/g : /\bcode: "(GP\d{3})"/g)];
  });
  return [...lastLines, ...compared];
}

/** Tests that look codes up provoke none. */
const lookUp = /^unit\/(docs\/|cli\/explain\.test)/;
const said = new Set(
  [
    ...sources("src", (file) => !/^core\/errors(\.ts|\/)|^cli\/(verbs|commands)\/explain\.ts$/.test(file)),
    ...sources("components", () => true),
  ].flatMap((text) => found(text, /"(GP\d{3})"/g)),
);
const provoked = new Set(sources("test", (file) => file.endsWith(".test.ts") && !lookUp.test(file)).flatMap(asserted));

test("every code of the catalogue is said somewhere, and no other one is", () => {
  expect([...said].toSorted()).toEqual(codes.toSorted());
});

test("every code is provoked by a test that asserts it", () => {
  expect(codes.filter((code) => !provoked.has(code))).toEqual([]);
});

test("what is only written down asserts nothing", () => {
  const written = [
    'test.each([["a lock", "GP205"]])("%s", (_, code) => expect(causeOf(said)?.code).toBe(code));',
    'const one = { code: "GP301" };\nexpect(codeOf(one)).toBe("GP301");\nexpect(text).toContain("GP302");',
    'expect(badConfiguration([problem("GP311")])).toMatchObject({ exit: 3 });',
  ];
  expect(written.flatMap(asserted)).toEqual([]);
  const real = [
    'expect(output).toMatch(endsWithCode("GP101"));',
    'await expect(up()).rejects.toMatchObject({ exit: 2, code: "GP102" });',
    'expect(codes(check(1))).toEqual(["GP310"]);',
  ];
  expect(real.flatMap(asserted)).toEqual(["GP101", "GP102", "GP310"]);
});
