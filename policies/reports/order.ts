import type { Finding, NotRun } from "../evaluate.ts";
import { levels, severities } from "../model.ts";
import { isMandatory, type Outcome } from "../run.ts";

/** What stops a pipeline first, then by severity; the rest by place, so that every run says it in the same order. */
export const byWorst = (a: Finding, b: Finding): number =>
  levels.indexOf(a.level) - levels.indexOf(b.level) ||
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  a.policy.localeCompare(b.policy) ||
  a.urn.localeCompare(b.urn) ||
  a.path.localeCompare(b.path) ||
  a.message.localeCompare(b.message);

/** What stops a pipeline first, then by policy; stable beyond that. */
export const byLevel = (a: NotRun, b: NotRun): number => levels.indexOf(a.level) - levels.indexOf(b.level) || a.policy.localeCompare(b.policy);

/** Findings by component, the component with the worst one first. */
export function byComponent(findings: readonly Finding[]): readonly (readonly [component: string, findings: readonly Finding[]])[] {
  const groups = Map.groupBy(findings.toSorted(byWorst), ({ component }) => component);
  return [...groups];
}

/** Title, reason and fix of a policy of this run. */
export function policyOf(outcome: Outcome, id: string) {
  const policy = outcome.policies.find((candidate) => candidate.id === id);
  if (!policy) throw new Error(`no policy "${id}" in this run`);
  return policy;
}

export interface Counts {
  readonly mandatory: number;
  readonly advisory: number;
  readonly waived: number;
  readonly notRun: number;
}

/** Findings on waivers count as others. */
export function countsOf({ open, waiverFindings, waived, notRun }: Outcome): Counts {
  const all = [...open, ...waiverFindings];
  const mandatory = all.filter(isMandatory).length;
  return { mandatory, advisory: all.length - mandatory, waived: waived.length, notRun: notRun.length };
}

export const countsText = ({ mandatory, advisory, waived, notRun }: Counts): string =>
  `${mandatory} mandatory, ${advisory} advisory, ${waived} waived, ${notRun} not run`;

/** Text of a program or a file on one line, without what a terminal would carry out. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
