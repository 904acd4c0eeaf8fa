import pc from "picocolors";
import { endpointsOf } from "../../preview/endpoints.ts";
import { componentsOf, type Plan, shownPlan } from "../../preview/plan.ts";
import { readinessOf } from "../../preview/readiness.ts";
import { treeOf } from "../../preview/tree.ts";
import { planOf } from "../plan.ts";
import { openProject } from "../project.ts";
import { table } from "../table.ts";

export async function preview(env: string, options: { readonly json?: boolean }): Promise<void> {
  const project = openProject(env);
  const plan = await planOf(project);
  console.log(options.json ? JSON.stringify(shownPlan(plan), null, 2) : previewText(project.prefix, project.settings.target, plan));
}

/** The plan for a person: what there is, what waits for what, where to reach it, and what to know. */
export function previewText(prefix: string, target: string, plan: Plan): string {
  const tree = treeOf(plan).map(({ depth, kind, name, note }) =>
    depth === 0
      ? `  ${pc.bold(name)}  ${kind}${note ? pc.dim(`  ${note}`) : ""}`
      : pc.dim(`    ${kind.padEnd(15)} ${name}${note ? `  (${note})` : ""}`),
  );
  const readiness = readinessOf(plan).map((row) => [row.workload, row.declared, row.translated, row.waitsFor.join(", ") || "nothing"]);
  const endpoints = endpointsOf(plan).map(({ component, url, user }) => [component, url, user || "-"]);
  const made = plan.resources.filter((resource) => resource.custom).length;
  return [
    `${pc.bold(prefix)} on ${target}: ${componentsOf(plan).length} components, ${made} resources`,
    "",
    ...tree,
    "",
    pc.bold("Readiness"),
    table(["part", "declared", `on ${target}`, "starts after"], readiness),
    "",
    pc.bold("Endpoints"),
    table(["component", "url", "user"], endpoints),
    ...warningLines(plan),
  ].join("\n");
}

export const warningLines = (plan: Plan): string[] =>
  plan.warnings.length === 0 ? [] : ["", ...plan.warnings.map((warning) => pc.yellow(`warning  ${warning}`))];
