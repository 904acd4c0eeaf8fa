import { describe, expect, test } from "vitest";
import { anchorsOf, brokenLink, linksOf } from "../../support/links.ts";
import { pages } from "../../support/markdown.ts";

describe("every link within the project", () => {
  test.each(pages)("of %s leads to a file, and to a heading that it has", (page) => {
    expect(linksOf(page).flatMap(brokenLink)).toEqual([]);
  });

  test("that is broken would be found", () => {
    const at = "README.md:1";
    expect(brokenLink({ at, to: "docs/nowhere.md", anchor: "" })).toEqual([`${at}: there is no docs/nowhere.md`]);
    expect(brokenLink({ at, to: "docs/README.md", anchor: "nothing" })).toEqual([`${at}: docs/README.md has no heading #nothing`]);
    expect(brokenLink({ at, to: "docs/kubernetes.md", anchor: "in-a-mesh" })).toEqual([]);
    expect(linksOf("README.md").length).toBeGreaterThan(20);
  });
});

test("every page below docs/, and of every component, is reached from the index", () => {
  const reached = new Set<string>();
  const open = ["docs/README.md"];
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    if (reached.has(page)) continue;
    reached.add(page);
    // The pages of the project as a whole lead everywhere, and count for nothing here.
    const leads = page.startsWith("docs/") && (page === "docs/README.md" || page === "docs/arguments.md");
    if (leads) open.push(...linksOf(page).map(({ to }) => to));
  }
  const wanted = pages.filter((page) => /^(docs|components)\//.test(page));
  expect(wanted.filter((page) => !reached.has(page))).toEqual([]);
});

test("anchors are those of GitHub", () => {
  expect(anchorsOf("docs/README.md")).toEqual(["documents-by-question", "a-component-what-it-is-how-to-use-and-to-run-it"]);
});
