import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { componentArguments } from "../../../docs/reference/extract.ts";
import { program } from "../../../src/cli/program.ts";
import { shape } from "../../../src/core/checks.ts";
import { type Block, blocksOf, pages } from "../../support/markdown.ts";
import { rules } from "../../support/parity/rules.ts";
import { repository } from "../../support/recorded.ts";
import { compileErrors, moduleOf } from "../../support/snippets.ts";
import { unknownCalls } from "../../support/snippets-sh.ts";
import { yamlProblems } from "../../support/snippets-yaml.ts";

// What is written for those who change the project, or what was true of a release, is no manual.
const manual = pages.filter((page) => page === "README.md" || /^(docs|components)\//.test(page));
const blocks = manual.flatMap(blocksOf);
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));
const block = (text: string, around?: string): Block => ({ at: "a page", page: "README.md", language: "ts", text, around });

test("every block is of a language that is checked here or by the tests of its generator", () => {
  const known = ["ts", "sh", "yaml", "json", "text", "mermaid"];
  // Expressions of the alerts are asked of Prometheus; the one query of logs is for a person.
  const elsewhere = ["promql", "logql"];
  expect(blocks.filter(({ language }) => ![...known, ...elsewhere].includes(language)).map(({ at, language }) => `${at} ${language}`)).toEqual([]);
});

describe("TypeScript", () => {
  test("compiles against what users import", { timeout: 120_000 }, () => {
    expect(of("ts").length).toBeGreaterThan(10);
    expect(compileErrors(of("ts"))).toEqual([]);
  });

  test("is taken from the package, not from a path of this repository", () => {
    expect(
      of("ts")
        .filter((one) => /from "\.\.?\//.test(moduleOf(one)))
        .map(({ at }) => at),
    ).toEqual([]);
  });

  test("a mistake would be found, also in a fragment", { timeout: 120_000 }, () => {
    const wrong = block(
      'import { RedisCache, type Topology } from "groundplan";\nexport const t: Topology = ({ platform }) => ({ c: new RedisCache("c", { platform, memory: 3 }) });',
    );
    const fragment = block("size: 3,", "export const known: { readonly sizes: number } = { /* the block */ };");
    expect(compileErrors([wrong, fragment])).toEqual([expect.stringContaining("'memory'"), expect.stringContaining("'size'")]);
  });
});

describe("shell", () => {
  const root = program();

  test("every call of groundplan names verbs and options that there are", () => {
    expect(of("sh").flatMap((one) => unknownCalls(one.text, root).map((what) => `${one.at}: ${what}`))).toEqual([]);
  });

  test("what there is not would be found", () => {
    const text = 'npx groundplan upp dev\neval "$(npx groundplan env dev)"\ngroundplan up dev --engin compose # --nothing\ngroundplan config a b';
    expect(unknownCalls(text, root)).toEqual([
      "upp dev: there is no verb upp",
      "up dev --engin compose: up has no option --engin",
      "up dev --engin compose: up takes 1 words, not 2",
      "config a b: config takes 1 words, not 2",
    ]);
  });
});

describe("YAML", () => {
  /** On the page of a component, what its rules say about its arguments. */
  const components = componentArguments();
  const argumentsOf = (page: string) => {
    const component = components.find(({ folder }) => page === `components/${folder}/README.md`)?.component;
    return component === undefined ? undefined : shape(rules[component] as never);
  };

  test("every block is part of a file that the project reads, and right", () => {
    const found = of("yaml").map((one) => ({ at: one.at, problems: yamlProblems(one, argumentsOf) }));
    expect(found.filter(({ problems }) => problems?.length !== 0)).toEqual([]);
  });

  test("a mistake would be found", () => {
    const yaml = (text: string, page = "README.md") => yamlProblems({ ...block(text), page, language: "yaml" }, argumentsOf);
    expect(yaml("unheard: of")).toBeUndefined();
    expect(yaml("kubernetes: { mesh: { mode: sideways } }")).not.toEqual([]);
    expect(yaml("components: { db: { memoryMiB: none } }", "components/postgres-db/README.md")).not.toEqual([]);
    expect(yaml("waivers: [{ id: a }]")).not.toEqual([]);
  });
});

test("JSON is JSON, and a picture begins as one", () => {
  for (const { text } of of("json")) JSON.parse(text);
  for (const { text } of of("mermaid")) expect(text).toMatch(/^(flowchart|sequenceDiagram|stateDiagram-v2) ?/);
});

test("workflows for pipelines parse, and call what there is", () => {
  for (const file of ["docs/ci/github-actions.yml", "docs/ci/gitlab-ci.yml"]) {
    const text = readFileSync(join(repository, file), "utf8");
    expect(parseYaml(text), file).toBeTypeOf("object");
    expect(unknownCalls(text, program()), file).toEqual([]);
  }
});
