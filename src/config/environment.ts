import { parse } from "yaml";
import { nearest, type Problem } from "../core/problems.ts";
import type { Profile } from "../core/profile.ts";
import type { EnvironmentOverride } from "../core/settings.ts";
import { settingNames } from "./schema.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names that are not settings: the command's own switches and the test grounds. */
const reserved = /^GROUNDPLAN_(RECORDING|DOCKER_HOST|STATE_DIR|LAB_\w+|TEST_\w+)$/;
/** May be set for a production environment too. */
const allowedInProd = ["mirror", "images"];
const spelledApart: Readonly<Record<string, string>> = { GROUNDPLAN_IMAGE_MIRROR: "mirror" };

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
    if (profile && !profile.allowEnvironmentOverrides && !allowedInProd.includes(setting)) {
      problems.push({
        component: "stack",
        path: [setting, ...rest].join("."),
        value: text,
        rule: `profile ${profile.name} takes only mirror and images from the environment`,
        fix: `unset ${variable} and write the value into the stack file, where it is reviewed`,
        origin: `environment ${variable}`,
      });
      continue;
    }
    const value = scalar(text);
    if (setting === "components") {
      if (rest.length < 2) problems.push(unknownVariable(variable));
      else components.push({ variable, path: rest, value });
      continue;
    }
    origins[setting] = `environment ${variable}`;
    if (rest.length === 0) document[setting] = value;
    else if (setting === "ports") document.ports = { ...(document.ports as object), [rest.map((w) => w.toLowerCase().replaceAll("_", "-")).join(".")]: value };
    else document[setting] = { ...(document[setting] as object), [rest.join("__").toLowerCase().replaceAll("_", "-")]: value };
  }
  return { document, components, origins, problems };
}

function unknownVariable(variable: string): Problem {
  const known = [...settingNames.map((name) => `GROUNDPLAN_${name.toUpperCase()}`), ...Object.keys(spelledApart)];
  const guess = nearest(variable.split("__")[0] ?? variable, known);
  return {
    component: "environment",
    path: variable,
    value: variable,
    rule: `a known setting: ${known.join(", ")}; arguments of components as GROUNDPLAN_COMPONENTS__<NAME>__<ARGUMENT>`,
    fix: guess && guess !== variable ? `did you mean ${guess}?` : "unset it, or name the component and the argument",
  };
}

/** Numbers, booleans and lists are written as in YAML; everything else stays text. */
function scalar(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return value === null ? text : value;
  } catch {
    return text;
  }
}
