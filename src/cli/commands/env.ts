import { join } from "node:path";
import { pulumiRangeText, pulumiVersion, requirePulumi } from "../engines/pulumi.ts";
import { prepareStack, pulumiEnvironment, requireBackend } from "../engines/pulumi-state.ts";
import { couldNotRun } from "../exit.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { claim, requireOwner } from "../state.ts";

/** Exports for a shell; afterwards bare `pulumi up -s <stack>` in the project uses the same state. */
export async function env(name: string): Promise<void> {
  const project = openProject(name);
  // Whose it is comes first: what belongs to engine compose is not for bare pulumi, installed or not.
  requireOwner(project, "pulumi");
  if (!(await pulumiVersion()))
    throw couldNotRun("GP104", `the exports are for the Pulumi CLI, which is not on PATH\n  Install it, version ${pulumiRangeText}.`);
  await requirePulumi();
  requireBackend(project);
  claim(project, "pulumi");
  await prepareStack(project);
  console.log(exportLines(project, pulumiEnvironment(project)).join("\n"));
}

const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;

/** What a shell evaluates. Its own PATH stays as it is at that moment, with the programs of the project in front. */
export function exportLines({ root, stack }: Pick<EnvironmentProject, "root" | "stack">, variables: Readonly<Record<string, string>>): string[] {
  const { PATH: _, ...others } = variables;
  return [
    ...Object.entries(others).map(([variable, value]) => `export ${variable}=${quoted(value)}`),
    `export PATH=${quoted(join(root, "node_modules", ".bin"))}:"$PATH"`,
    `# then: pulumi up --stack ${stack}`,
  ];
}
