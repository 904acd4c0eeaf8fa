import { readFileSync, statSync } from "node:fs";
import { type Plan, planVersion } from "../preview/plan.ts";
import { badConfiguration } from "./exit.ts";
import { systemReason } from "./system-reason.ts";

/** What `preview --json` wrote: all of a plan but the values of its credentials. */
export type SavedPlan = Omit<Plan, "credentials">;

const isFolder = (file: string) => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Reads a saved plan, from the input when it is called `-`. Neither the project nor its program is needed. */
export function readSavedPlan(file: string): SavedPlan {
  const kept = isFolder(file) ? "plan.json" : file;
  const fix =
    file === "-" ? "groundplan preview <environment> --json | groundplan graph --plan -" : `groundplan preview <environment> --json > ${kept}`;
  const refused = (rule: string) => badConfiguration([{ component: "command", path: "--plan", value: file, rule, fix }]);
  let plan: Partial<SavedPlan> | null;
  try {
    plan = JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8")) as Partial<SavedPlan> | null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused(`a file with a plan; ${code ? `${systemReason(error)}` : "this is no JSON"}`);
  }
  if (plan?.version !== planVersion || !Array.isArray(plan.resources)) throw refused(`a plan of version ${planVersion}, as preview --json writes it`);
  return plan as SavedPlan;
}
