import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parity, parityTable } from "../../docs/parity.ts";
import { changes } from "../support/parity/changes.ts";
import { rules } from "../support/parity/rules.ts";
import { repository } from "../support/recorded.ts";

const argumentsOf = (of: Readonly<Record<string, object>>) =>
  Object.entries(of)
    .flatMap(([component, args]) => Object.keys(args).map((argument) => `${component}.${argument}`))
    .filter((name) => !name.endsWith(".platform"))
    .toSorted();

test("every argument of every component has a row, and a change that tries it", () => {
  expect(argumentsOf(parity)).toEqual(argumentsOf(rules));
  expect(argumentsOf(changes)).toEqual(argumentsOf(rules));
});

test("docs/parity.md is the table", () => {
  expect(parityTable(), "run npm run docs:parity").toBe(readFileSync(join(repository, "docs", "parity.md"), "utf8"));
});
