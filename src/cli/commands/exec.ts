import { copyArguments } from "../../core/naming.ts";
import { execIn } from "../../platforms/docker/exec.ts";
import { namespaceOf } from "../../preview/kubernetes.ts";
import { componentNames, requireComponent } from "../components.ts";
import { type Daemon, reachDaemon } from "../daemon.ts";
import { couldNotRun } from "../exit.ts";
import { reachCluster } from "../kubernetes/kubectl.ts";
import { joinKubectl } from "../kubernetes/process.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { awsExec, byAws } from "../running/aws.ts";
import type { Client } from "../running/client.ts";
import { type DockerPart, dockerParts } from "../running/docker-parts.ts";
import { requireFound } from "../running/found.ts";
import { podParts } from "../running/kubernetes-parts.ts";
import { mainPart } from "../running/parts.ts";

export interface ExecOptions {
  readonly env: string;
  readonly part?: string;
}

/** Runs a command in a container of a component. The exit code is the command's own. */
export async function exec(component: string, command: readonly string[], options: ExecOptions): Promise<void> {
  const project = openProject(options.env);
  const { target } = project.settings;
  if (target === "docker") {
    const daemon = await reachDaemon();
    const parts = await dockerParts(daemon, project.prefix);
    await requireFound(project, parts, component);
    const main = mainPart(parts, component, options.part);
    process.exitCode = await onDocker(daemon, main, command.length > 0 ? { command, env: {} } : await ownClient(project, component));
    return;
  }
  const { planOf } = await import("../plan.ts");
  const plan = await planOf(project);
  requireComponent(componentNames(plan), component, project.env);
  if (target === "aws") throw byAws("exec", awsExec(plan, component, command, project.settings));
  if (command.length === 0) throw nothingToRun(project, component);
  const kubectl = await reachCluster(project, namespaceOf(plan));
  const parts = await podParts(kubectl, project.prefix);
  await requireFound(project, parts, component);
  const { pod } = mainPart(parts, component, options.part);
  process.exitCode = await joinKubectl(kubectl, ["exec", ...(onTerminal() ? ["--tty"] : []), "--stdin", pod, "--", ...command]);
}

/** A terminal on both ends; with a pipe on one of them what passes must stay as it is. */
const onTerminal = () => Boolean(process.stdin.isTTY && process.stdout.isTTY);

async function onDocker({ docker }: Daemon, { id, part }: DockerPart, { command, env }: Client): Promise<number> {
  const { code, refusal } = await execIn(docker, id, { command, env, terminal: onTerminal() });
  if (refusal === undefined) return code;
  const { Config } = await docker.getContainer(id).inspect();
  const why = /executable file not found|no such file/.test(refusal) ? `the image has no ${command[0]}` : refusal.trim();
  throw couldNotRun("GP410", `${part} (${Config.Image}) cannot run ${command[0]}: ${why}`);
}

/** The client of the system itself; finding it needs the plan, which brings the whole SDK with it. */
async function ownClient(project: EnvironmentProject, component: string): Promise<Client> {
  const { findClient } = await import("../running/find-client.ts");
  const client = await findClient(project, component);
  if (!client) throw nothingToRun(project, component);
  return client;
}

const nothingToRun = ({ env, settings }: EnvironmentProject, component: string) =>
  couldNotRun(
    "GP501",
    `say what to run in ${component}: its image has no client that is known here, or its password is not\n  groundplan exec ${component} --env ${copyArguments(env, settings.isolation)} -- sh`,
  );
