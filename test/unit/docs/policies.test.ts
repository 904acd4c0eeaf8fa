import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { policiesText } from "../../../docs/policies.ts";
import { catalogue } from "../../../policies/catalogue/index.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
const text = readFileSync(join(root, "docs", "policies.md"), "utf8");

test("the policies are written down as the catalogue and its cases have them", () => {
  expect(text, "out of date: npm run docs:policies").toBe(policiesText());
});

test("every policy has one section, and one row that leads to it", () => {
  const sections = [...text.matchAll(/^### (.*)$/gm)].map(([, id]) => id);
  const rows = [...text.matchAll(/^\| \[([a-z0-9-]+)\]\(#\1\) \|/gm)].map(([, id]) => id);
  const ids = catalogue.map(({ id }) => id);
  expect(sections).toEqual(ids);
  expect(rows).toEqual(ids);
});

test("every example that breaks a policy shows what is said of it", () => {
  const broken = text.split(/<summary>Breaks it: /).slice(1);
  expect(broken.length).toBe(catalogue.length);
  for (const example of broken) expect(example.slice(0, example.indexOf("</details>"))).toMatch(/```text\n\S+: \S/);
});
