import { parse, parseAllDocuments } from "yaml";
import { catalogue } from "../../policies/catalogue/index.ts";
import { parseOverrides } from "../../policies/overrides.ts";
import { parseWaivers } from "../../policies/waivers.ts";
import { settingNames, stackSchema } from "../../src/config/schema.ts";
import { settleSettings } from "../../src/config/settings.ts";
import { type Check, isRecord } from "../../src/core/checks.ts";
import type { Block } from "./markdown.ts";

/** What is wrong with a block of YAML, by what it is; undefined where nobody knows what it is. */
export function yamlProblems({ page, text, at }: Block, argumentsOf: (page: string) => Check | undefined): readonly unknown[] | undefined {
  // Inputs of resources: the cases of the policies are tested themselves.
  if (page === "docs/policies.md") return parseAllDocuments(text).flatMap(({ errors }) => errors);
  const document: unknown = parse(text);
  if (!isRecord(document)) return undefined;
  if ("config" in document) return settled((document.config as Record<string, unknown>)["groundplan:stack"]);
  if ("waivers" in document) return told(parseWaivers(text, at, catalogue));
  if ("levels" in document || "parameters" in document) return told(parseOverrides(text, at, catalogue));
  if (!Object.keys(document).every((key) => (settingNames as readonly string[]).includes(key))) return undefined;
  const components = isRecord(document.components) ? document.components : {};
  const check = argumentsOf(page);
  return [
    ...(stackSchema.partial().safeParse(document).error?.issues ?? []),
    // On the page of a component they are arguments of that component.
    ...(check ? Object.entries(components).flatMap(([name, args]) => check(args, name)) : []),
  ];
}

const settled = (document: unknown) => settleSettings({ project: "shop", env: "dev", document, file: "Pulumi.dev.yaml", environment: {} }).problems;

const told = (result: object): readonly unknown[] => ("problems" in result ? (result.problems as readonly unknown[]) : []);
