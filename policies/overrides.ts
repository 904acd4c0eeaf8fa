import { z } from "zod";
import { type FileProblem, knownLike, type Path, pathText, readDocument } from "./document.ts";
import { defaultsOf, type Settings } from "./evaluate.ts";
import { type Level, levels, type Policy, type Stage, stages } from "./model.ts";

/** What a project sets otherwise than the catalogue. */
export interface Overrides {
  readonly levels: Readonly<Record<string, PerStage<Level>>>;
  /** By policy and parameter; one number is for every stage. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, number | PerStage<number>>>>>;
}

type PerStage<Value> = { readonly [stage in Stage]?: Value | undefined };

export const noOverrides: Overrides = { levels: {}, parameters: {} };

const perStage = <Value extends z.ZodType>(value: Value, rule: string) =>
  z.strictObject({ dev: value.optional(), staging: value.optional(), prod: value.optional() }, rule);
const number = z.number("a number");

const schema = z.strictObject(
  {
    levels: z.record(z.string(), perStage(z.enum(levels), `a map from ${stages.join(", ")} to a level`), "a map from policies to levels").nullish(),
    parameters: z
      .record(
        z.string(),
        z.record(
          z.string(),
          z.union([number, perStage(number, "a number")], `a number, or a map from ${stages.join(", ")} to numbers`),
          "a map from parameters to numbers",
        ),
        "a map from policies to parameters",
      )
      .nullish(),
  },
  "a map with levels, parameters or both",
);

/** The overrides of a file, or everything that is wrong with them. */
export function parseOverrides(text: string, file: string, policies: readonly Policy[]): Overrides | { readonly problems: readonly FileProblem[] } {
  const document = readDocument(text, file, schema);
  if ("problems" in document) return document;
  const overrides: Overrides = { levels: document.value.levels ?? {}, parameters: document.value.parameters ?? {} };
  const ids = policies.map(({ id }) => id);
  const problems: FileProblem[] = [];
  const problem = (path: Path, value: unknown, rule: string, fix: string) =>
    problems.push({ file, line: document.lineOf(path), path: pathText(path), value, rule, fix });

  for (const [id, set] of Object.entries(overrides.levels)) {
    const policy = policies.find((candidate) => candidate.id === id);
    if (!policy) problem(["levels", id], id, knownLike(id, ids), "name one of them, or remove it");
    if (policy?.severity === "critical" && set.prod !== undefined && set.prod !== "mandatory")
      problem(["levels", id, "prod"], set.prod, "mandatory: the policy is critical", "remove it, and waive single findings");
  }
  for (const [id, set] of Object.entries(overrides.parameters)) {
    const policy = policies.find((candidate) => candidate.id === id);
    if (!policy) problem(["parameters", id], id, knownLike(id, ids), "name one of them, or remove it");
    const known = Object.keys(policy?.parameters ?? {});
    for (const [name, value] of Object.entries(set)) {
      const parameter = policy?.parameters && Object.hasOwn(policy.parameters, name) ? policy.parameters[name] : undefined;
      if (policy && !parameter)
        problem(
          ["parameters", id, name],
          name,
          known.length > 0 ? `a parameter of ${id}: ${known.join(", ")}` : `${id} has no parameters`,
          "remove it",
        );
      if (!parameter) continue;
      const { minimum, maximum } = parameter;
      const numbers = typeof value === "number" ? [[[], value] as const] : Object.entries(value).map(([stage, of]) => [[stage], of] as const);
      for (const [stage, of] of numbers)
        if (of !== undefined && (of < minimum || of > maximum))
          problem(["parameters", id, name, ...stage], of, `${minimum} to ${maximum}`, "choose a number in this range");
    }
  }
  return problems.length > 0 ? { problems } : overrides;
}

/** The catalogue's settings for a stage with the overrides laid over them. */
export function settingsOf(stage: Stage, overrides: Overrides): Settings {
  const defaults = defaultsOf(stage);
  return {
    stage,
    level: (policy) => overrides.levels[policy.id]?.[stage] ?? defaults.level(policy),
    parameter: (policy, name) => {
      const set = overrides.parameters[policy.id]?.[name];
      return (typeof set === "number" ? set : set?.[stage]) ?? defaults.parameter(policy, name);
    },
  };
}
