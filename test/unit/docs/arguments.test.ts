import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { argumentPages } from "../../../docs/arguments.ts";
import { parity } from "../../../docs/parity.ts";
import { componentArguments } from "../../../docs/reference/extract.ts";
import { nearestAbove } from "../../../docs/reference/page.ts";

const docs = resolve(import.meta.dirname, "..", "..", "..", "docs");
const components = componentArguments();

test("the pages are those that npm run docs:arguments writes, and no other lies beside them", () => {
  const pages = argumentPages();
  for (const [name, text] of Object.entries(pages)) expect(readFileSync(join(docs, name), "utf8"), name).toBe(text);
  const kept = readdirSync(join(docs, "arguments")).map((name) => `arguments/${name}`);
  expect(["arguments.md", ...kept].toSorted()).toEqual(Object.keys(pages).toSorted());
});

describe.each(components)("$component", ({ component, arguments: all }) => {
  test("its page has what its rules accept, argument by argument", () => {
    const top = all.filter(({ path }) => !/[.[]/.test(path)).map(({ path }) => path);
    expect(top.toSorted()).toEqual(Object.keys(parity[component] ?? {}).toSorted());
  });

  test("every argument has a docstring", () => {
    expect(all.filter(({ text }) => text === "").map(({ path }) => path)).toEqual([]);
  });

  test("an optional argument has a default, and one that must be given has none", () => {
    expect(all.filter((argument) => argument.optional === (argument.default === undefined)).map(({ path }) => path)).toEqual([]);
  });

  test("every argument says what a change costs, itself or by the one that it is part of", () => {
    expect(all.filter((argument) => !nearestAbove(argument, all).change && !argument.change).map(({ path }) => path)).toEqual([]);
    const groups = all.filter(({ change }) => change === "each").map(({ path }) => path);
    const unsaid = all.filter((argument) => !argument.change && groups.includes(nearestAbove(argument, all).path));
    expect(unsaid.map(({ path }) => path)).toEqual([]);
  });

  test("a number has a unit", () => {
    const numbers = all.filter(({ type }) => /^(number|\d+)\b/.test(type));
    expect(numbers.filter(({ unit }) => !unit).map(({ path }) => path)).toEqual([]);
  });

  test("no docstring has a tag that nobody reads, or tells the cost in its text", () => {
    expect(all.flatMap(({ path, strange }) => strange.map((tag) => `${path}: ${tag}`))).toEqual([]);
    expect(all.filter(({ text }) => /\b[Cc]hanging (it|one)\b/.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

test("all exported components are there, with arguments that lie deep", () => {
  expect(components.length).toBeGreaterThanOrEqual(10);
  const paths = components.flatMap(({ component, arguments: all }) => all.map(({ path }) => `${component} ${path}`));
  expect(paths).toEqual(expect.arrayContaining(["NatsCluster streams.<name>.consumers.<name>.maxDeliver", "AppService egress[].host"]));
});
