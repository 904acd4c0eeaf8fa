import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { errorsText } from "../../../docs/errors.ts";
import { type ErrorEntry, errorGroups, errors } from "../../../src/core/errors.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
const text = readFileSync(join(root, "docs", "errors.md"), "utf8");
const codes = Object.keys(errors);

test("the errors are written down as the catalogue has them", () => {
  expect(text, "out of date: npm run docs:errors").toBe(errorsText());
});

test("every code has one section, whose anchor is the code alone, and one row that leads to it", () => {
  const sections = [...text.matchAll(/^### (.*)$/gm)].map(([, code]) => code);
  const rows = [...text.matchAll(/^\| \[(GP\d{3})\]\(#gp\d{3}\) \|/gm)].map(([, code]) => code);
  expect(sections.toSorted()).toEqual(codes.toSorted());
  expect(rows.toSorted()).toEqual(codes.toSorted());
});

test("no code stands in two groups, and none is lost when they are joined", () => {
  const all = errorGroups.flatMap(({ rows }) => Object.keys(rows));
  expect(all.toSorted()).toEqual(codes.toSorted());
});

test.each(Object.entries<ErrorEntry>(errors))("%s says what it means, what it comes from and what to do", (code, entry) => {
  expect(code).toMatch(/^GP\d{3}$/);
  expect(entry.title).toMatch(/^\S.*[^.]$/);
  expect(entry.meaning).toMatch(/\.$/);
  expect(entry.causes.length).toBeGreaterThan(0);
  expect(entry.fix.length).toBeGreaterThan(0);
  for (const step of entry.fix) expect((step.match(/`/g) ?? []).length % 2, step).toBe(0);
});
