import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { catalogue } from "../../../policies/catalogue/index.ts";
import { readPolicyFiles } from "../../../policies/files.ts";
import { runPolicies } from "../../../policies/run.ts";
import { dayOf } from "../../../policies/waivers.ts";
import type { Plan } from "../../preview/plan.ts";
import { retirementOf } from "../../preview/retirement.ts";
import { componentNames, requireComponent } from "../components.ts";
import { usablePulumi } from "../engines/pulumi.ts";
import { printJson } from "../json.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { type PolicyFound, retirementText } from "../retirement-text.ts";
import { ownerOf } from "../state.ts";

/** Prints how a component with data is taken out of an environment; changes nothing and needs no network. */
export async function retire(env: string, component: string, options: { readonly json?: boolean }): Promise<void> {
  const project = openProject(env);
  const others = project.settings.retired.filter((name) => name !== component);
  const before = await planOf(withRetired(project, others));
  requireComponent(componentNames(before), component, env);
  const after = await planOf(withRetired(project, [...others, component]));
  const docker = project.settings.target === "docker";
  const engine = docker ? (ownerOf(project) ?? ((await usablePulumi()) ? "pulumi" : "compose")) : "pulumi";
  const told = {
    retirement: retirementOf(before, after, component),
    engine,
    declared: project.settings.retired,
    siblings: siblingsOf(project),
    policies: newFindings(project, before, after),
  };
  if (!options.json) return console.log(retirementText(project, told));
  const { retirement, ...rest } = told;
  printJson({ stack: project.prefix, target: project.settings.target, ...retirement, ...rest, policies: told.policies ?? null });
}

/** The same environment with other components retired. */
function withRetired(project: EnvironmentProject, retired: readonly string[]): EnvironmentProject {
  const key = "groundplan:stack";
  const { retired: _, ...document } = JSON.parse(project.config[key] ?? "{}") as Record<string, unknown>;
  const config = { ...project.config, [key]: JSON.stringify({ ...document, ...(retired.length > 0 ? { retired } : {}) }) };
  return { ...project, config };
}

/** Other environments of the same topology: what leaves it leaves them, too. */
function siblingsOf({ root, env, settings }: EnvironmentProject): string[] {
  return readdirSync(root).flatMap((file) => {
    const [, other] = /^Pulumi\.(.+)\.yaml$/.exec(file) ?? [];
    if (!other || other === env || !existsSync(join(root, file))) return [];
    try {
      const { config } = parse(readFileSync(join(root, file), "utf8")) as { config?: Record<string, { topology?: unknown } | undefined> };
      return config?.["groundplan:stack"]?.topology === settings.topology ? [other] : [];
    } catch {
      // What is wrong with another environment is told where that one is used.
      return [];
    }
  });
}

/** What stops the gate of this stage while a component is retired and still there. */
function newFindings(project: EnvironmentProject, before: Plan, after: Plan): PolicyFound[] | undefined {
  const files = readPolicyFiles(project.root, {}, catalogue);
  if ("problems" in files) return undefined;
  const subject = { project: project.project, stack: project.prefix, program: project.program };
  const found = ({ resources }: Plan) =>
    runPolicies({ ...files, policies: catalogue, resources, stage: project.settings.profile.name, subject, day: dayOf(new Date()) }).open.filter(
      ({ level }) => level === "mandatory",
    );
  const known = new Set(found(before).map(({ policy, urn }) => `${policy} ${urn}`));
  return found(after)
    .filter(({ policy, urn }) => !known.has(`${policy} ${urn}`))
    .map(({ policy, urn, severity }) => ({ policy, urn, owners: severity === "critical" ? 2 : 1 }));
}
