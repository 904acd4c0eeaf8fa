import pc from "picocolors";
import { type CheckState, type Finding, runChecks } from "../doctor/check.ts";
import { examine } from "../doctor/examined.ts";
import { allChecks } from "../doctor/index.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { printJson } from "../json.ts";
import { requireEnvironment } from "../project.ts";

/** Looks at everything that `up` needs of this machine; changes nothing. Ends with code 1 when there is a problem. */
export async function doctor(env: string, options: { readonly json?: boolean }): Promise<void> {
  const findings = await doctorFindings(env);
  if (options.json) printJson({ environment: env, problems: count(findings, "problem"), warnings: count(findings, "warning"), checks: findings });
  else console.log(doctorText(findings));
  if (count(findings, "problem") > 0) process.exitCode = exitCodes.findings;
}

/** An environment that does not exist is told as everywhere: there is nothing to look at. */
export async function doctorFindings(env: string): Promise<Finding[]> {
  try {
    requireEnvironment(env);
  } catch (error) {
    // Without a project the machine is looked at all the same.
    if (!(error instanceof CommandError && error.code === "GP303")) throw error;
  }
  return runChecks(allChecks, await examine(env));
}

const count = (findings: readonly Finding[], state: CheckState) => findings.filter((finding) => finding.state === state).length;

const counted = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;

const marks: Readonly<Record<CheckState, (text: string) => string>> = {
  ok: pc.green,
  warning: pc.yellow,
  problem: pc.red,
  "not looked at": pc.dim,
};

export function doctorText(findings: readonly Finding[]): string {
  const wide = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const states = wide(Object.keys(marks));
  const titles = wide(findings.map(({ title }) => title));
  const lines = findings.flatMap(({ state, title, found, fix }) => [
    `  ${marks[state](state.padEnd(states))}  ${title.padEnd(titles)}  ${found}`,
    ...(fix ? [`  ${" ".repeat(states)}  ${" ".repeat(titles)}  ${pc.bold("fix")}  ${fix}`] : []),
  ]);
  const [problems, warnings] = [count(findings, "problem"), count(findings, "warning")];
  const sum = problems + warnings === 0 ? pc.green("nothing is in the way") : `${counted(problems, "problem")}, ${counted(warnings, "warning")}`;
  return [...lines, "", sum].join("\n");
}
