import type { Outcome } from "../run.ts";
import type { ReportFormat } from "./formats.ts";
import { githubReport } from "./github.ts";
import { jsonReport } from "./json.ts";
import { junitReport } from "./junit.ts";
import { markdownReport } from "./markdown.ts";
import { sarifReport } from "./sarif.ts";
import { terminalReport } from "./terminal.ts";

/** Every form of a report by its name. */
export const reports: Readonly<Record<ReportFormat, (outcome: Outcome) => string>> = {
  terminal: (outcome) => terminalReport(outcome),
  json: jsonReport,
  sarif: sarifReport,
  junit: junitReport,
  markdown: markdownReport,
  github: githubReport,
};
