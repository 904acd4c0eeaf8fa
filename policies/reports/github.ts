import { fileRules, subjectOf } from "../file-rules.ts";
import { isMandatory, type Outcome } from "../run.ts";
import { byWorst, policyOf } from "./order.ts";

type Command = "error" | "warning" | "notice";

/** Workflow commands, one a line: GitHub shows them beside the change. */
export function githubReport(outcome: Outcome): string {
  const { subject, stage, open, waived, notRun, waiverFindings } = outcome;
  const at = { file: subject.program, line: 1 };
  return [
    ...open.toSorted(byWorst).map((found) => {
      const message = `${found.name}: ${found.message}\nfix: ${policyOf(outcome, found.policy).fix}\n${found.urn}`;
      return annotation(isMandatory(found) ? "error" : "warning", at, found.policy, message);
    }),
    ...waiverFindings.map((found) => {
      const message = `${subjectOf(found)} ${found.message}\nfix: ${fileRules[found.rule].fix}`;
      return annotation(isMandatory(found) ? "error" : "warning", found, found.rule, message);
    }),
    ...notRun.map((entry) => {
      const message = `${entry.urn ?? "the whole stack"}: not run: ${entry.reason}`;
      return annotation(stage === "prod" && isMandatory(entry) ? "error" : "warning", at, entry.policy, message);
    }),
    ...waived.toSorted(byWorst).map((found) => {
      const { id, owners, expires } = found.waiver;
      const message = `${found.name}: ${found.message}\nwaived by ${id} (${owners.join(" and ")}) until ${expires}\n${found.urn}`;
      return annotation("notice", at, found.policy, message);
    }),
  ].join("\n");
}

const annotation = (command: Command, { file, line }: { readonly file: string; readonly line: number }, title: string, message: string) =>
  `::${command} file=${property(file)},line=${line},title=${property(title)}::${data(message)}`;

const data = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
