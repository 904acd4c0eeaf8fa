import pc from "picocolors";
import { copyArguments } from "../../core/naming.ts";
import { namespaceOf } from "../../preview/kubernetes.ts";
import { reachDaemon } from "../daemon.ts";
import { holdsUnknown, realCredentials, valuesOf } from "../engines/real-credentials.ts";
import { exitCodes } from "../exit.ts";
import { reachCluster } from "../kubernetes/kubectl.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { awsServices, byAws } from "../running/aws.ts";
import { dockerStatus, seeDocker } from "../running/docker-status.ts";
import { kubernetesStatus, seeCluster } from "../running/kubernetes-status.ts";
import { ago, type PartStatus, type StackStatus, stackStatus, summaryOf } from "../running/status.ts";
import { ownerOf } from "../state.ts";
import { table } from "../table.ts";

/** What runs of an environment beside what its plan says. Ends with 1 unless everything is as planned. */
export async function status(env: string, options: { readonly json?: boolean }): Promise<void> {
  const project = openProject(env);
  const found = await look(project);
  console.log(options.json ? JSON.stringify(found, null, 2) : statusText(project, found));
  if (!found.asPlanned) process.exitCode = exitCodes.findings;
}

async function look(project: EnvironmentProject): Promise<StackStatus> {
  const { prefix: stack, settings } = project;
  const { target } = settings;
  if (target === "aws") throw byAws("status", awsServices(await planOf(project), settings));
  if (target === "kubernetes") {
    const plan = await planOf(project);
    const seen = await seeCluster(await reachCluster(project, namespaceOf(plan)), plan, stack);
    const notCompared = ["files, secrets, sizes and rules of the network"];
    return stackStatus({ stack, target, engine: "pulumi", notCompared }, kubernetesStatus(plan, seen));
  }
  // With the real credentials files can be compared, too, because their volumes are named by the hash of their content.
  const credentials = await realCredentials(project);
  const plan = await (credentials ? planOf(project, valuesOf(credentials), "compare") : planOf(project));
  const seen = await seeDocker(await reachDaemon(), stack, plan);
  const engine = seen.containers[0]?.engine ?? ownerOf(project) ?? "none";
  const why = credentials ? "a password of a system elsewhere is not at hand here" : "the credentials of this environment cannot be read here";
  const real = credentials !== undefined && !holdsUnknown(plan);
  const notCompared = real ? [] : [`files and passwords, because ${why}`];
  return stackStatus({ stack, target, engine, notCompared }, dockerStatus(plan, seen, stack, real));
}

function statusText(project: EnvironmentProject, found: StackStatus): string {
  const { env, settings } = project;
  const line = summaryOf(found, `groundplan up ${copyArguments(env, settings.isolation)}`);
  if (!found.running) return [line, ...keptData(found)].join("\n");
  const differing = found.parts.filter(({ drift }) => drift.length > 0);
  return [
    pc.bold(`${found.stack} on ${found.target}, engine ${found.engine}`),
    table(["", "component", "part", "state", "for", "image", "ports"], found.parts.map(rowOf)),
    ...(differing.length > 0 ? ["", pc.bold("Not as planned")] : []),
    ...differing.flatMap(({ part, drift }) => drift.map((text) => `  ${part}: ${text}`)),
    ...(found.notCompared.length > 0 ? ["", ...found.notCompared.map((what) => pc.dim(`  not compared: ${what}`))] : []),
    "",
    (found.asPlanned ? pc.green : pc.red)(line),
  ].join("\n");
}

function rowOf({ ok, component, part, state, since, image = "", ports }: PartStatus): string[] {
  return [ok ? pc.green("ok") : pc.red("!"), component, part, state, since ? ago(since, Date.now()) : "-", image || "-", ports.join(" ") || "-"];
}

/** Data outlives what serves it. */
function keptData({ parts }: StackStatus): string[] {
  const kept = parts.filter(({ kind, missing }) => kind === "volume" && !missing).map(({ part }) => part);
  return kept.length > 0 ? [`  its data is kept: ${kept.join(", ")}`] : [];
}
