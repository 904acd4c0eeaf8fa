import { z } from "zod";
import { type FileProblem, knownLike, type Path, pathText, readDocument } from "./document.ts";
import { defaultsOf, type Settings } from "./evaluate.ts";
import { type FileFinding, findingOnFile, shortestReason } from "./file-rules.ts";
import { type Level, levels, type Policy, type Stage, stages } from "./model.ts";

/** What a project sets otherwise than the catalogue. */
export interface Overrides {
  readonly levels: Readonly<Record<string, PerStage<Level>>>;
  /** By policy and parameter; one number is for every stage. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, number | PerStage<number>>>>>;
  /** Levels below those of the catalogue. */
  readonly lowered: readonly Lowered[];
}

interface Lowered {
  readonly policy: string;
  readonly stage: Stage;
  readonly from: Level;
  readonly to: Level;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
}

type PerStage<Value> = { readonly [stage in Stage]?: Value | undefined };

export const noOverrides: Overrides = { levels: {}, parameters: {}, lowered: [] };

const perStage = <Value extends z.ZodType>(value: Value, rule: string) =>
  z.strictObject({ dev: value.optional(), staging: value.optional(), prod: value.optional() }, rule);
const number = z.number("a number");
const reasoned = z.strictObject({ level: z.enum(levels), reason: z.string("a text").trim().optional() });
const levelForm = z.union([z.enum(levels), reasoned], `${levels.join(", ")}, or a map with one of them as level and a reason`);

const schema = z.strictObject(
  {
    levels: z.record(z.string(), perStage(levelForm, `a map from ${stages.join(", ")} to a level`), "a map from policies to levels").nullish(),
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
  const written = document.value.levels ?? {};
  const lowered: Lowered[] = [];
  const overrides: Overrides = { levels: mapped(written, plainLevels), parameters: document.value.parameters ?? {}, lowered };
  const ids = policies.map(({ id }) => id);
  const problems: FileProblem[] = [];
  const problem = (path: Path, value: unknown, rule: string, fix: string) =>
    problems.push({ file, line: document.lineOf(path), path: pathText(path), value, rule, fix });

  for (const [id, set] of Object.entries(written)) {
    const policy = policies.find((candidate) => candidate.id === id);
    if (!policy) {
      problem(["levels", id], id, knownLike(id, ids), "name one of them, or remove it");
      continue;
    }
    const before = problems.length;
    for (const stage of stages) {
      const [to, reason = ""] = typeof set[stage] === "object" ? [set[stage].level, set[stage].reason] : [set[stage]];
      const from = policy.levels[stage];
      if (to === undefined || strength(to) >= strength(from)) continue;
      if (stage === "prod" && policy.severity === "critical")
        problem(["levels", id, stage], to, "mandatory: the policy is critical", "remove it, and waive single findings");
      else if (stage === "prod" && policy.severity === "high" && reason.length < shortestReason)
        problem(
          ["levels", id, stage],
          reason === "" ? to : reason,
          `a reason of at least ${shortestReason} characters: the policy is high, and ${from} in the catalogue`,
          `write { level: ${to}, reason: ... }, or waive single findings`,
        );
      lowered.push({ policy: id, stage, from, to, reason, file, line: document.lineOf(["levels", id, stage]) });
    }
    const after = stages.map((stage) => overrides.levels[id]?.[stage] ?? policy.levels[stage]);
    const laxer = after.some((level, at) => strength(level) < strength(after[at - 1] ?? "disabled"));
    if (laxer && problems.length === before)
      problem(
        ["levels", id],
        stages.map((stage, at) => `${stage} ${after[at]}`).join(", "),
        "a later stage that is never laxer than an earlier one",
        "lower the earlier stages as well, or raise the later ones",
      );
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

type WrittenLevel = z.infer<typeof levelForm>;

const plainLevels = (set: PerStage<WrittenLevel>): PerStage<Level> => mapped(set, (level) => (typeof level === "object" ? level.level : level));

const mapped = <From, To>(values: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));

/** The more, the stricter. */
const strength = (level: Level): number => -levels.indexOf(level);

/** What a run at this stage asks less for than the catalogue. */
export const weakenings = (stage: Stage, { lowered }: Overrides): readonly FileFinding[] =>
  lowered
    .filter((one) => one.stage === stage)
    .map((one) => {
      const { policy, from, to, reason } = one;
      return findingOnFile("override-weakens", policy, one, `lowers it in ${stage} from ${from} to ${to}${reason === "" ? "" : `: ${reason}`}`);
    });

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
