import type { Finding, NotRun } from "../evaluate.ts";
import { type FileFinding, fileRules } from "../file-rules.ts";
import { isMandatory, type Outcome, stops } from "../run.ts";
import { byComponent, byLevel, byWorst, countsOf, countsText, plain, policyOf } from "./order.ts";

/** How words stand out on this terminal. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const same = (text: string) => text;
const none: Paint = { bold: same, dim: same, red: same, yellow: same };

/** For a person: by component, the worst first, and how to repair it where a policy is met first. */
export function terminalReport(outcome: Outcome, paint: Paint = none): string {
  const { subject, stage, open, waived, notRun, waiverFindings, policies } = outcome;
  const told = new Set<string>();
  const level = (of: Finding["level"]) => (of === "mandatory" ? paint.red : paint.yellow)(of.padEnd(9));
  const fixOnce = (key: string, fix: string) => {
    if (told.has(key)) return [];
    told.add(key);
    return [paint.dim(`             fix  ${fix}`)];
  };
  const finding = (found: Finding) => [
    `  ${level(found.level)}  ${found.policy}  ${plain(found.name)} ${paint.dim(`(${plain(found.type)})`)}`,
    `             ${plain(found.message)}`,
    ...fixOnce(found.policy, policyOf(outcome, found.policy).fix),
  ];
  const onWaiver = (found: FileFinding) => [
    `  ${level(found.level)}  ${found.rule}  ${plain(found.waiver)} ${paint.dim(`(${found.file}:${found.line})`)}`,
    `             ${plain(found.message)}`,
    ...fixOnce(found.rule, fileRules[found.rule].fix),
  ];
  const missed = (entry: NotRun) => [
    `  ${level(entry.level)}  ${entry.policy}  ${plain(entry.urn ?? "the whole stack")}`,
    `             ${plain(entry.reason)}`,
  ];
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? [paint.bold(title), ...lines, ""] : []);
  const notHere = policies.filter(({ state }) => state === "not-here").map(({ id }) => `  ${id}`);
  const ran = policies.filter(({ state, looked }) => state === "ran" && Object.keys(looked).length > 0).length;
  return [
    paint.bold(`Policies of ${subject.stack}, stage ${stage}`),
    "",
    ...byComponent(open).flatMap(([component, findings]) => section(plain(component), findings.flatMap(finding))),
    ...section("Waivers and overrides", waiverFindings.flatMap(onWaiver)),
    ...section(stage === "prod" && notRun.some(isMandatory) ? "Not run: stops stage prod" : "Not run", notRun.toSorted(byLevel).flatMap(missed)),
    ...section("Not in this way of running: nobody tells here which inputs are secret", notHere),
    ...section(
      "Waived",
      waived.toSorted(byWorst).map((found) => {
        const { id, owners, expires } = found.waiver;
        return paint.dim(
          `  ${found.policy}  ${plain(found.name)}  ${plain(found.message)}  (${plain(`${id}, ${owners.join(" and ")}, until ${expires}`)})`,
        );
      }),
    ),
    `${(stops(outcome) ? paint.red : same)(countsText(countsOf(outcome)))}; ${ran} of ${policies.length} policies had something to look at`,
  ].join("\n");
}
