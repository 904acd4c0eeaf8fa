import { requirePulumi } from "../engines/pulumi.ts";
import { prepareStack, pulumiEnvironment, requireBackend } from "../engines/pulumi-state.ts";
import { openProject } from "../project.ts";
import { claim } from "../state.ts";

/** Exports for a shell; afterwards bare `pulumi up -s <stack>` in the project uses the same state. */
export async function env(name: string): Promise<void> {
  const project = openProject(name);
  await requirePulumi();
  requireBackend(project);
  claim(project, "pulumi");
  await prepareStack(project);
  for (const [variable, value] of Object.entries(pulumiEnvironment(project))) {
    console.log(`export ${variable}='${value.replaceAll("'", "'\\''")}'`);
  }
}
