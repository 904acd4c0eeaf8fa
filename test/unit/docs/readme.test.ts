import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { componentArguments } from "../../../docs/reference/extract.ts";
import { blocksOf, readPage } from "../../support/markdown.ts";
import { repository } from "../../support/recorded.ts";

const readme = readPage("README.md");

test("the README is read in five minutes", () => {
  expect(readme.split("\n").length).toBeLessThanOrEqual(150);
  expect(readme.split(/\s+/).length).toBeLessThanOrEqual(1200);
});

test("its first commands are the two that a newcomer types, and package.json has what they run", () => {
  expect(blocksOf("README.md")[0]).toMatchObject({ language: "sh", text: "npm install && npm start\nnpm install && npm test\n" });
  expect(JSON.parse(readPage("package.json")).scripts).toMatchObject({ start: "node bin/groundplan.js start", test: "vitest run" });
});

test("it begins with its name, one sentence, and the picture of the starter", () => {
  expect(readme).toMatch(/^# groundplan\n\n[^\n]+\n\n!\[[^\]]+\]\(docs\/starter\.svg\)\n/);
  expect(existsSync(join(repository, "docs", "starter.svg"))).toBe(true);
});

test("its example of the library has at most twelve lines", () => {
  const [example] = blocksOf("README.md").filter(({ language }) => language === "ts");
  expect(example?.text.trim().split("\n").length).toBeLessThanOrEqual(12);
});

const headings = ["What it is", "Use", "Connection properties", "Realisation per platform", "Operations"];
const tasks = { "back up": /back up/i, upgrade: /upgrade/i, delete: /delete/i, rotate: /rotate/i, "when it fails": /fails|failures/i };

test.each(componentArguments())("the page of $component has the five headings, and the five tasks of who runs it", ({ folder, component }) => {
  const page = readPage(`components/${folder}/README.md`);
  const found = [...page.matchAll(/^(#{1,2}) (.*)$/gm)].map(([, , text]) => text);
  expect(found).toEqual([component, ...headings]);
  const operations = page.slice(page.indexOf("\n## Operations"));
  const leads = [...operations.matchAll(/^\*\*([^*]+)\*\*/gm)].map(([, lead]) => lead ?? "");
  expect(Object.entries(tasks).flatMap(([task, form]) => (leads.some((lead) => form.test(lead)) ? [] : [task]))).toEqual([]);
});
