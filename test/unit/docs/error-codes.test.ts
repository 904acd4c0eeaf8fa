import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { errors } from "../../../src/core/errors.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
const codes = Object.keys(errors);

/** Codes that stand in the files below a folder, each with the files. */
function codesIn(folder: string, wanted: (file: string) => boolean): Map<string, string[]> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && wanted(file));
  const found = new Map<string, string[]>();
  for (const file of files) {
    for (const [code] of readFileSync(join(root, folder, file), "utf8").matchAll(/(?<=")GP\d{3}(?=")/g)) {
      found.set(code, [...(found.get(code) ?? []), `${folder}/${file}`]);
    }
  }
  return found;
}

/** Tests that look codes up provoke none. */
const lookUp = /^unit\/(docs\/|cli\/explain\.test)/;
const said = new Map([
  ...codesIn("src", (file) => !/^core\/errors(\.ts|\/)|^cli\/(verbs|commands)\/explain\.ts$/.test(file)),
  ...codesIn("components", () => true),
]);
const provoked = codesIn("test", (file) => file.endsWith(".test.ts") && !lookUp.test(file));

test("every code of the catalogue is said somewhere, and no other one is", () => {
  expect([...said.keys()].toSorted()).toEqual(codes.toSorted());
});

test("every code is provoked by a test that names it", () => {
  expect(codes.filter((code) => !provoked.has(code))).toEqual([]);
});
