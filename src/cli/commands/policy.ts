import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import pc from "picocolors";
import { catalogue } from "../../../policies/catalogue/index.ts";
import type { FileProblem } from "../../../policies/document.ts";
import { readPolicyFiles } from "../../../policies/files.ts";
import type { Stage } from "../../../policies/model.ts";
import { redact } from "../../../policies/redact.ts";
import type { ReportFormat } from "../../../policies/reports/formats.ts";
import { reports } from "../../../policies/reports/index.ts";
import { terminalReport } from "../../../policies/reports/terminal.ts";
import { type Outcome, runPolicies, stops } from "../../../policies/run.ts";
import { dayOf } from "../../../policies/waivers.ts";
import type { Problem } from "../../core/problems.ts";
import { masker } from "../../preview/plan.ts";
import { badFiles, couldNotRun, exitCodes } from "../exit.ts";
import { planOf } from "../plan.ts";
import { openProject } from "../project.ts";

/** A form of the report, and the file that it is written to; without one it is printed. */
export interface ReportWanted {
  readonly format: ReportFormat;
  readonly file: string | undefined;
}

export interface PolicyOptions {
  readonly stage?: Stage;
  readonly report?: readonly ReportWanted[];
  readonly waivers?: string;
  readonly overrides?: string;
}

/** Checks the plan of an environment against the policies of its stage. The plan has no unknown values, so every check can look. */
export async function policy(env: string, options: PolicyOptions): Promise<void> {
  const project = openProject(env);
  const named = { waivers: inHere(options.waivers), overrides: inHere(options.overrides) };
  const files = readPolicyFiles(project.root, named, catalogue);
  if ("problems" in files) throw badFiles(files.problems.map(asProblem));
  const plan = await planOf(project);
  const outcome = runPolicies({
    ...files,
    policies: catalogue,
    resources: plan.resources,
    stage: options.stage ?? project.settings.profile.name,
    subject: { project: project.project, stack: project.prefix, program: project.program },
    day: dayOf(new Date()),
  });
  report(redact(outcome, plan.resources, masker(plan.credentials)), options.report ?? []);
  if (stops(outcome)) process.exitCode = exitCodes.findings;
}

/** Files first: what is printed may be cut off by whoever reads it. Without a report to print there is that for a person. */
function report(outcome: Outcome, wanted: readonly ReportWanted[]): void {
  for (const { format, file } of wanted) if (file !== undefined) write(file, `${reports[format](outcome)}\n`);
  const printed = wanted.filter(({ file }) => file === undefined).map(({ format }) => format);
  for (const format of printed.length > 0 ? printed : (["terminal"] as const)) {
    const text = format === "terminal" ? terminalReport(outcome, pc) : reports[format](outcome);
    if (text !== "") console.log(text);
  }
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw couldNotRun("GP503", `the report ${file} could not be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** A file of the command line is named from where the command runs. */
const inHere = (file: string | undefined) => (file === undefined ? undefined : resolve(file));

const asProblem = ({ file, line, path, value, rule, fix }: FileProblem): Problem => ({
  component: file,
  path,
  value,
  rule,
  fix,
  origin: `${file}:${line}`,
});
