import { parse, parseAllDocuments } from "yaml";
import { catalogue } from "../../policies/catalogue/index.ts";
import { parseOverrides } from "../../policies/overrides.ts";
import { parseWaivers } from "../../policies/waivers.ts";
import { settingNames } from "../../src/config/schema.ts";
import { settleSettings } from "../../src/config/settings.ts";
import { type Check, isRecord } from "../../src/core/checks.ts";
import { groundSettings } from "./grounds.ts";
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
    ...settled(whole(document)),
    // On the page of a component they are arguments of that component.
    ...(check ? Object.entries(components).flatMap(([name, args]) => check(withoutNull(args), name)) : []),
  ];
}

/** A part of a stack file within one that says the rest, on the ground that the part is about. */
function whole(part: Readonly<Record<string, unknown>>) {
  const target = (["kubernetes", "aws"] as const).find((ground) => ground in part) ?? "docker";
  const ground: Readonly<Record<string, object>> = groundSettings[target];
  const joined = Object.fromEntries(Object.entries(ground).map(([key, value]) => [key, { ...value, ...(part[key] as object) }]));
  return { topology: "starter", target, profile: "dev", ...part, ...joined };
}

/** `null` takes an argument of the topology away, whatever it is. */
const withoutNull = (args: unknown) => (isRecord(args) ? Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null)) : args);

const settled = (document: unknown) => settleSettings({ project: "shop", env: "dev", document, file: "Pulumi.dev.yaml", environment: {} }).problems;

const told = (result: object): readonly unknown[] => ("problems" in result ? (result.problems as readonly unknown[]) : []);
