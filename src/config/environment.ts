import { parse } from "yaml";
import { ZodOptional, ZodString } from "zod";
import { images } from "../core/images.ts";
import { nearest, type Problem } from "../core/problems.ts";
import type { Profile } from "../core/profile.ts";
import type { EnvironmentOverride } from "../core/settings.ts";
import { awsSchema } from "./aws.ts";
import { kubernetesSchema } from "./kubernetes.ts";
import { settingNames } from "./schema.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names that are not settings: the command's own switches and the test grounds. */
const reserved = /^GROUNDPLAN_(RECORDING|DEBUG|STACK_TRACES|LAB_\w+|TEST_\w+)$/;
/** May be set for a production environment too. */
const allowedInProd = ["mirror", "mirrorDigests", "images", "aws.endpoints"];
/** Settings that hold settings of their own, by name. */
const groups: Readonly<Record<string, object>> = { kubernetes: kubernetesSchema.shape, aws: awsSchema.shape };
const spelledApart: Readonly<Record<string, string>> = { GROUNDPLAN_IMAGE_MIRROR: "mirror" };

/** `subnetPool` -> `GROUNDPLAN_SUBNET_POOL`. */
const variableOf = (setting: string) => `GROUNDPLAN_${setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`;

export interface EnvironmentSettings {
  /** Top-level settings by name, to be laid over the stack file. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly components: readonly EnvironmentOverride[];
  readonly origins: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/** Reads `GROUNDPLAN_TARGET`, `GROUNDPLAN_PORTS__DB__SQL`, `GROUNDPLAN_COMPONENTS__DB__REPLICAS` ... */
export function readEnvironment(environment: Environment, profile: Profile | undefined): EnvironmentSettings {
  const document: Record<string, unknown> = {};
  const components: EnvironmentOverride[] = [];
  const origins: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [variable, text] of Object.entries(environment).toSorted()) {
    if (!variable.startsWith("GROUNDPLAN_") || reserved.test(variable) || text === undefined || text === "") continue;
    const words = variable.slice("GROUNDPLAN_".length).split("__");
    const setting = spelledApart[variable] ?? settingNames.find((name) => name.toLowerCase() === words[0]?.toLowerCase().replaceAll("_", ""));
    const rest = words.slice(1);
    if (!setting || rest.some((word) => word === "")) {
      problems.push(unknownVariable(variable));
      continue;
    }
    const group = groups[setting];
    const key = group && rest.length > 0 ? [setting, ...keysBelow(group, rest)] : undefined;
    if (profile && !profile.allowEnvironmentOverrides && !allowedInProd.includes(key?.slice(0, 2).join(".") ?? setting)) {
      problems.push({
        component: "stack",
        path: (key ?? [setting, ...rest]).join("."),
        value: text,
        rule: `profile ${profile.name} takes only mirror, images and endpoints from the environment`,
        fix: `unset ${variable} and write the value into the stack file, where it is reviewed`,
        origin: `environment ${variable}`,
        code: "GP317",
      });
      continue;
    }
    const value = scalar(text);
    if (setting === "components") {
      if (rest.length < 2) problems.push(unknownVariable(variable));
      else components.push({ variable, path: rest, value });
      continue;
    }
    origins[key?.slice(0, 2).join(".") ?? setting] = `environment ${variable}`;
    if (key) {
      place(document, key, isText(group?.[key[1] as keyof typeof group]) && typeof value !== "string" ? text : value);
      continue;
    }
    if (rest.length === 0) document[setting] = value;
    else if (setting === "ports")
      document.ports = { ...(document.ports as object), [rest.map((w) => w.toLowerCase().replaceAll("_", "-")).join(".")]: value };
    else document[setting] = { ...(document[setting] as object), [imageName(rest.join("__").toLowerCase().replaceAll("_", "-"))]: value };
  }
  return { document, components, origins, problems };
}

/** `STORAGE_CLASS` -> `storageClass`: names of the group as they are written there, anything else in camel case. */
function keysBelow(group: object, words: readonly string[]): string[] {
  const plain = (name: string) => name.toLowerCase().replaceAll("_", "");
  const camel = (word: string) => word.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return words.map((word, depth) => (depth === 0 ? Object.keys(group).find((name) => plain(name) === plain(word)) : undefined) ?? camel(word));
}

/** An account id is no number, whatever YAML thinks of it. */
const isText = (schema: unknown): boolean => (schema instanceof ZodOptional ? isText(schema.unwrap()) : schema instanceof ZodString);

function place(document: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = "", ...rest] = path;
  if (rest.length === 0) {
    document[head] = value;
    return;
  }
  const below = { ...(document[head] as Record<string, unknown> | undefined) };
  place(below, rest, value);
  document[head] = below;
}

/** `postgres-16` -> `postgres:16`: no variable can hold the colon of a row of the image table. */
const imageName = (name: string) => Object.keys(images).find((row) => row.replace(":", "-") === name) ?? name;

function unknownVariable(variable: string): Problem {
  const known = [...settingNames.map(variableOf), ...Object.keys(spelledApart)];
  const word = variable.split("__")[0] ?? variable;
  // The common beginning would make everything look alike.
  const below = (name: string) => name.slice("GROUNDPLAN_".length);
  const near = nearest(below(word), known.map(below));
  const guess = near && `GROUNDPLAN_${near}`;
  return {
    component: "environment",
    path: variable,
    value: variable,
    rule: `a known setting: ${known.join(", ")}; arguments of components as GROUNDPLAN_COMPONENTS__<NAME>__<ARGUMENT>`,
    fix: guess && guess !== word ? `did you mean ${guess}?` : "unset it, or name the component and the argument",
    code: "GP311",
  };
}

/** Numbers, booleans, lists and maps are written as in YAML; so is text in quotes. Everything else stays as it is. */
function scalar(text: string): unknown {
  try {
    // A warning would print the text, which may be a password.
    const value: unknown = parse(text, { logLevel: "error" });
    const unquoted = typeof value === "string" && !/^\s*['"]/.test(text);
    return value === null || unquoted ? text : value;
  } catch {
    return text;
  }
}
