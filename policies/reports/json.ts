import { type Outcome, stops } from "../run.ts";
import { byWorst, countsOf } from "./order.ts";

/** Raised when a reader of an older report would misread it. */
const version = "groundplan.policy/1";

/** For programs: everything, in the form of report.schema.json. */
export function jsonReport(outcome: Outcome): string {
  const { subject, stage, day, open, waived, notRun, waiverFindings, policies } = outcome;
  const report = {
    schema: version,
    ...subject,
    stage,
    day,
    stops: stops(outcome),
    counts: countsOf(outcome),
    findings: open.toSorted(byWorst),
    waived: waived.toSorted(byWorst),
    waiverFindings,
    // What is undefined would be missing: the whole stack is null.
    notRun: notRun.map((entry) => ({ ...entry, urn: entry.urn ?? null })),
    policies,
  };
  return JSON.stringify(report, null, 2);
}
