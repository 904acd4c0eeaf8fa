import { evaluate, type Finding, type NotRun } from "./evaluate.ts";
import type { FileFinding } from "./file-rules.ts";
import type { PolicyFiles } from "./files.ts";
import type { Level, Policy, Resource, Severity, Stage } from "./model.ts";
import { settingsOf, weakenings } from "./overrides.ts";
import { fits, withEntries } from "./stack.ts";
import { applyWaivers, type WaivedFinding } from "./waivers.ts";

/** What was looked at, as reports name it. */
export interface Subject {
  readonly project: string;
  readonly stack: string;
  /** The program, relative to the project: what a report points at for a finding. */
  readonly program: string;
}

/** One policy in this run. */
export interface PolicyRun {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly level: Level;
  readonly why: string;
  readonly fix: string;
  readonly references: readonly string[];
  /** `not-here`: this way of running does not tell what it must know. */
  readonly state: "ran" | "disabled" | "not-here";
  /** Resources of its types, by type. */
  readonly looked: Readonly<Record<string, number>>;
  readonly open: number;
  readonly waived: number;
  readonly notRun: number;
}

/** Everything that a run of the gate found: what reports are made of. */
export interface Outcome {
  readonly subject: Subject;
  readonly stage: Stage;
  /** The day that waivers were judged on, `YYYY-MM-DD` in UTC. */
  readonly day: string;
  readonly open: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  readonly notRun: readonly NotRun[];
  /** Findings on waivers and overrides. */
  readonly waiverFindings: readonly FileFinding[];
  readonly policies: readonly PolicyRun[];
}

export interface RunOptions extends PolicyFiles {
  readonly policies: readonly Policy[];
  readonly resources: readonly Resource[];
  readonly stage: Stage;
  readonly subject: Subject;
  readonly day: string;
}

/** The gate: every way to run the policies answers with this. Pure, and in the same order every time. */
export function runPolicies({ policies, resources, stage, waivers, overrides, subject, day }: RunOptions): Outcome {
  const settings = settingsOf(stage, overrides);
  const marked = resources.every(({ secretInputs }) => secretInputs !== undefined);
  const here = policies.filter(({ needsSecretMarks }) => marked || !needsSecretMarks);
  const evaluation = evaluate(here, resources, settings);
  const { notRun } = evaluation;
  const { open, waived, waiverFindings } = applyWaivers(evaluation, waivers, policies, day);
  return {
    subject,
    stage,
    day,
    open,
    waived,
    notRun,
    waiverFindings: [...waiverFindings, ...weakenings(stage, overrides)],
    policies: policies.map((policy): PolicyRun => {
      const { id, title, severity, why, fix, references } = policy;
      const level = settings.level(policy);
      const state = level === "disabled" ? "disabled" : here.includes(policy) ? "ran" : "not-here";
      const of = (list: readonly { readonly policy: string }[]) => list.filter((entry) => entry.policy === id).length;
      const looked = state === "ran" ? countByType(withEntries(resources), policy) : {};
      return { id, title, severity, level, why, fix, references, state, looked, open: of(open), waived: of(waived), notRun: of(notRun) };
    }),
  };
}

function countByType(resources: readonly Resource[], policy: Policy): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) if (fits(type, policy.types)) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** Whether a pipeline stops: something mandatory is open, or in prod something mandatory was not looked at. */
export const stops = ({ stage, open, notRun, waiverFindings }: Outcome): boolean =>
  [...open, ...waiverFindings].some(isMandatory) || (stage === "prod" && notRun.some(isMandatory));

export const isMandatory = ({ level }: { readonly level: Level }): boolean => level === "mandatory";
