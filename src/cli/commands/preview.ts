import pc from "picocolors";
import { clusterOf } from "../../platforms/kubernetes/kubeconfig.ts";
import { coarserOf } from "../../preview/coarser.ts";
import { endpointsOf } from "../../preview/endpoints.ts";
import { namespaceOf } from "../../preview/kubernetes.ts";
import { componentsOf, madeIn, type Plan, shownPlan } from "../../preview/plan.ts";
import { readinessOf } from "../../preview/readiness.ts";
import { treeOf } from "../../preview/tree.ts";
import { rememberWords } from "../completion/project-words.ts";
import { printJson } from "../json.ts";
import { clusterText } from "../kubernetes/kubeconfig.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { table } from "../table.ts";

export async function preview(env: string, options: { readonly json?: boolean }): Promise<void> {
  const project = openProject(env);
  // What starts other programs is loaded while the plan is recorded.
  const [plan, { checkPolicies }] = await Promise.all([planOf(project), import("../policy-check.ts")]);
  const policies = await checkPolicies(plan);
  rememberWords(project.root, project.stack, plan);
  if (options.json) return printJson(shownPlan(plan));
  console.log([previewText(project, plan), ...(policies.length > 0 ? ["", ...policies] : [])].join("\n"));
}

/** The plan for a person: what there is, what waits for what, where to reach it, and what to know. */
export function previewText(project: EnvironmentProject, plan: Plan): string {
  const { prefix, settings } = project;
  const { target } = settings;
  const lines = treeOf(plan);
  const width = Math.max(...lines.map(({ depth, kind }) => (depth > 0 ? kind.length : 0)));
  const tree = lines.map(({ depth, kind, name, note }) =>
    depth === 0
      ? `  ${pc.bold(name)}  ${kind}${note ? pc.dim(`  ${note}`) : ""}`
      : pc.dim(`    ${kind.padEnd(width)} ${name}${note ? `  (${note})` : ""}`),
  );
  const readiness = readinessOf(plan).map((row) => [row.workload, row.declared, row.translated, row.waitsFor.join(", ") || "nothing"]);
  const rows = endpointsOf(plan, settings.kubernetes?.context);
  const withWay = rows.some(({ way }) => way);
  const endpoints = rows.map(({ component, url, user, way }) => [component, url, user || "-", ...(withWay ? [way || "-"] : [])]);
  return [
    `${pc.bold(prefix)} on ${target}: ${componentsOf(plan).length} components, ${madeIn(plan)} resources`,
    ...(target === "kubernetes" ? [`  ${clusterText(clusterOf(project.root, settings))}; namespace ${namespaceOf(plan)}`] : []),
    ...(settings.aws && target === "aws" ? [`  account ${settings.aws.accountId}, ${settings.aws.region}`] : []),
    "",
    ...tree,
    "",
    pc.bold("Readiness"),
    table(["part", "declared", `on ${target}`, "starts after"], readiness),
    "",
    pc.bold("Endpoints"),
    table(["component", "url", "user", ...(withWay ? ["from your machine"] : [])], endpoints),
    "",
    pc.bold(`Coarser on ${target} than the topology says`),
    ...coarserOf(plan, target).flatMap(({ capability, how }) => wrapped(`${capability}: ${how}`, process.stdout.columns ?? 80)),
    ...warningLines(plan),
  ].join("\n");
}

/** A point of a list, in lines that fit: those behind the first are further in. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${lines.length === 0 ? "  " : "    "}${word}`);
  }
  return lines;
}

/** What is said of several components in the same words, once; of images, with all registries that they come from. */
export function grouped(warnings: readonly string[]): string[] {
  const found = new Map<string, { components: string[]; registries: Set<string> }>();
  for (const warning of warnings) {
    const [, component = "", said = warning] = /^([a-z][\w-]*): (.+)$/s.exec(warning) ?? [];
    const [, registries = "", rest = said] = /^images from (.+?): (its tasks .+)$/s.exec(said) ?? [];
    const group = found.get(rest) ?? { components: [], registries: new Set<string>() };
    found.set(rest, group);
    if (component !== "") group.components.push(component);
    for (const registry of registries.split(", ").filter(Boolean)) group.registries.add(registry);
  }
  return [...found].map(([said, { components, registries }]) =>
    [components.join(", "), ...(registries.size > 0 ? [`images from ${[...registries].join(", ")}`] : []), said].filter(Boolean).join(": "),
  );
}

export const warningLines = (plan: Plan): string[] =>
  plan.warnings.length === 0 ? [] : ["", ...grouped(plan.warnings).map((warning) => pc.yellow(`warning  ${warning}`))];
