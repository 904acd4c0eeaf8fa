import { z } from "zod";
import { type FileProblem, knownLike, type Path, pathText, readDocument } from "./document.ts";
import type { Evaluation, Finding } from "./evaluate.ts";
import { type FileFinding, type FileRule, findingOnFile, longestDays, shortestReason } from "./file-rules.ts";
import { type Policy, type Stage, stages } from "./model.ts";

/** A finding that somebody answers for, until a day. */
export interface Waiver {
  readonly id: string;
  readonly policy: string;
  /** Pattern of URNs; `*` stands for any text. */
  readonly urn: string;
  readonly stages: readonly Stage[];
  readonly reason: string;
  readonly owners: readonly string[];
  readonly ticket: string;
  /** Last day on which it holds, `YYYY-MM-DD`, in UTC. */
  readonly expires: string;
  readonly file: string;
  readonly line: number;
}

/** A finding that a waiver covers. */
export interface WaivedFinding extends Finding {
  readonly waiver: Pick<Waiver, "id" | "reason" | "owners" | "ticket" | "expires">;
}

export interface Applied {
  readonly open: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  readonly waiverFindings: readonly FileFinding[];
}

const words = z.string("a text").trim().min(1, "a text that is not empty");
const day = z.string("a day as YYYY-MM-DD").refine(isDay, "a day of the calendar as YYYY-MM-DD");
const orList = <Item extends z.ZodType>(item: Item, rule: string) => z.union([item, z.array(item).min(1)], rule);

const schema = z.strictObject(
  {
    waivers: z
      .array(
        z.strictObject(
          {
            id: words,
            policy: words,
            urn: words,
            stage: orList(z.enum(stages), `one of ${stages.join(", ")}, or a list of them`),
            reason: z.string("a text").trim().nullish(),
            owner: orList(words, "a name, or a list of names"),
            ticket: words,
            expires: day,
          },
          "a map with id, policy, urn, stage, reason, owner, ticket and expires",
        ),
        "a list of waivers",
      )
      .nullish(),
  },
  "a map with the key waivers",
);

/** The waivers of a file, or everything that is wrong with its form. */
export function parseWaivers(
  text: string,
  file: string,
  policies: readonly Policy[],
): readonly Waiver[] | { readonly problems: readonly FileProblem[] } {
  const document = readDocument(text, file, schema);
  if ("problems" in document) return document;
  const written = document.value.waivers ?? [];
  const ids = policies.map(({ id }) => id);
  const problems: FileProblem[] = [];
  const problem = (path: Path, value: unknown, rule: string, fix: string) =>
    problems.push({ file, line: document.lineOf(path), path: pathText(path), value, rule, fix });
  for (const [index, { id, policy }] of written.entries()) {
    if (written.findIndex((other) => other.id === id) < index)
      problem(["waivers", index, "id"], id, "an id that no other waiver has", "choose another id");
    if (!ids.includes(policy) && !onlyWildcards(policy))
      problem(["waivers", index, "policy"], policy, knownLike(policy, ids), "name one of them, or remove the waiver");
  }
  if (problems.length > 0) return { problems };
  return written.map(({ id, policy, urn, stage, reason, owner, ticket, expires }, index) => ({
    id,
    policy,
    urn,
    stages: [stage].flat(),
    reason: reason ?? "",
    owners: [owner].flat(),
    ticket,
    expires,
    file,
    line: document.lineOf(["waivers", index]),
  }));
}

/** Splits what was found into open and waived, and judges the waivers of this stage on the day `today`. */
export function applyWaivers(evaluation: Evaluation, all: readonly Waiver[], policies: readonly Policy[], today: string): Applied {
  const { stage, findings, notRun } = evaluation;
  const waivers = all.filter((waiver) => waiver.stages.includes(stage));
  const stacks = stacksOf([...findings, ...notRun]);
  const broken = new Map(waivers.map((waiver) => [waiver, brokenRules(waiver, stage, policies, today, stacks)]));
  const sound = waivers.filter((waiver) => broken.get(waiver)?.length === 0);
  const open: Finding[] = [];
  const waived: WaivedFinding[] = [];
  for (const finding of findings) {
    const waiver = sound.find((candidate) => covers(candidate, finding));
    if (!waiver) {
      open.push(finding);
      continue;
    }
    const { id, reason, owners, ticket, expires } = waiver;
    waived.push({ ...finding, waiver: { id, reason, owners, ticket, expires } });
  }
  // Nobody can tell whether a waiver is needed for a policy that did not look, or in another stack.
  const looked = (waiver: Waiver) =>
    isOfStack(waiver.urn, stacks) &&
    evaluation.looked[waiver.policy] !== undefined &&
    !notRun.some(({ policy, urn }) => policy === waiver.policy && (!urn || fitsUrn(waiver.urn, urn)));
  const stale = sound
    .filter((waiver) => looked(waiver) && !findings.some((finding) => covers(waiver, finding)))
    .map((waiver) => findingOn(waiver, "waiver-stale", `covers nothing in stage ${stage}`));
  return { open, waived, waiverFindings: [...[...broken.values()].flat(), ...stale].toSorted((a, b) => a.line - b.line) };
}

const covers = (waiver: Waiver, { policy, urn }: Finding) => waiver.policy === policy && fitsUrn(waiver.urn, urn);

function brokenRules(waiver: Waiver, stage: Stage, policies: readonly Policy[], today: string, stacks: readonly string[]): FileFinding[] {
  const { policy, urn, reason, owners, expires } = waiver;
  const found: FileFinding[] = [];
  const say = (rule: FileRule, message: string) => found.push(findingOn(waiver, rule, message));
  if (onlyWildcards(policy)) say("waiver-blanket", `is for every policy: policy is "${policy}"`);
  if (isBlanket(urn, stacks)) say("waiver-blanket", `is for every resource: urn is "${urn}"`);
  if (expires < today) say("waiver-expired", `ended with ${expires}`);
  const days = (Date.parse(expires) - Date.parse(today)) / 86_400_000;
  if (days > longestDays) say("waiver-too-long", `holds until ${expires}, ${days} days from now`);
  if (reason === "") say("waiver-unreasoned", "has no reason");
  else if (reason.length < shortestReason) say("waiver-unreasoned", `has a reason of ${reason.length} characters`);
  const critical = policies.find(({ id }) => id === policy)?.severity === "critical";
  const people = new Set(owners.map((owner) => owner.toLowerCase())).size;
  if (critical && stage === "prod" && people < 2) say("waiver-owners", "has one owner, and the policy is critical");
  return found;
}

const findingOn = ({ id, file, line }: Waiver, rule: FileRule, message: string) => findingOnFile(rule, id, { file, line }, message);

/** `*` stands for any text, also across the parts of a URN; everything else for itself. */
export function fitsUrn(pattern: string, urn: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return urn === pattern;
  if (!urn.startsWith(first)) return false;
  let from = first.length;
  for (const part of parts) {
    const found = urn.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return urn.length - last.length >= from && urn.endsWith(last);
}

const onlyWildcards = (pattern: string) => /^\*+$/.test(pattern);

/**
 * Types and names that nobody has, without a letter in common: plain, with a module, and below a parent. What fits all of
 * one row is held by no letter of a type or a name.
 */
const invented = [
  ["x:y:Z::anything-else", "q:w:J::0"],
  ["x:y/v:Z::anything-else", "q:w/b:J::0"],
  ["x:y:Z$f:m:K::anything-else", "q:w:J$b:c:D::0"],
];

/**
 * A pattern that would also fit every other resource of the stack (`*`, `urn:*`, one for a whole stack, letters that its
 * stack has), or that asks for single letters alone: `*e*` fits nearly everything.
 */
function isBlanket(pattern: string, stacks: readonly string[]): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return false;
  const fitsAnything = (stack: string) => invented.some((row) => row.every((rest) => fitsUrn(pattern, `${stack}${rest}`)));
  return parts.every(({ length }) => length < 2) || [anyStack, ...stacks].some(fitsAnything);
}

/** Stands for the stack where nothing was found: its names have no letter that somebody could write. */
const anyStack = "urn:pulumi:\u0000::\u0000::";

/** What the URNs of a stack begin with: `urn:pulumi:prod::shop::`. */
const stacksOf = (places: readonly { readonly urn?: string | undefined }[]) => [
  ...new Set(places.flatMap(({ urn = "" }) => /^urn:pulumi:[^:]*::[^:]*::/.exec(urn)?.[0] ?? [])),
];

/** Whether a pattern may be meant for this stack; one file is for all stacks of a project. */
const isOfStack = (pattern: string, stacks: readonly string[]) => {
  const [named] = stacksOf([{ urn: pattern.split("*")[0] }]);
  return named === undefined || stacks.length === 0 || stacks.includes(named);
};

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && dayOf(new Date(time)) === text;
}

/** The day of a moment in UTC. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);
