import type { Level } from "./model.ts";

/** Says where a waiver is not as it must be, or what an override takes away. */
export interface FileFinding {
  readonly rule: FileRule;
  readonly level: Exclude<Level, "disabled">;
  /** Id of the waiver; for an override of the policy. */
  readonly waiver: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export const longestDays = 365;
export const shortestReason = 20;

/** What is asked of a waiver, where one that breaks a mandatory rule covers nothing; and what is told of an override. */
export const fileRules = {
  "waiver-blanket": {
    level: "mandatory",
    title: "A waiver names one policy and the resources that it is for",
    fix: "Name one policy, and at least a part of the type or the name of the resource.",
  },
  "waiver-expired": {
    level: "mandatory",
    title: "A waiver holds until the day that it names",
    fix: "Repair what it covers and remove it, or decide anew and name a later day.",
  },
  "waiver-too-long": {
    level: "mandatory",
    title: `A waiver is looked at again within ${longestDays} days`,
    fix: `Name a day within the next ${longestDays} days.`,
  },
  "waiver-unreasoned": {
    level: "mandatory",
    title: "A waiver says why the finding is accepted",
    fix: `Write the reason in at least ${shortestReason} characters: what is done instead, or why it does no harm here.`,
  },
  "waiver-owners": {
    level: "mandatory",
    title: "Two people answer for a critical finding in prod",
    fix: "Name two different owners: owner: [first, second].",
  },
  "override-weakens": {
    level: "advisory",
    title: "An override asks for no less than the catalogue",
    fix: "Take it out when its reason is gone; waive single findings instead.",
  },
  "waiver-stale": { level: "advisory", title: "A waiver covers something", fix: "Remove it, or correct its pattern." },
} as const satisfies Readonly<Record<string, { level: "mandatory" | "advisory"; title: string; fix: string }>>;

export type FileRule = keyof typeof fileRules;

export const findingOnFile = (rule: FileRule, waiver: string, { file, line }: Pick<FileFinding, "file" | "line">, message: string): FileFinding => {
  return { rule, level: fileRules[rule].level, waiver, file, line, message };
};

export const isOnOverride = ({ rule }: FileFinding): boolean => rule === "override-weakens";

/** What it is found at, as the reports name it. */
export const subjectOf = (found: FileFinding): string => `${isOnOverride(found) ? "override of" : "waiver"} ${found.waiver}`;
