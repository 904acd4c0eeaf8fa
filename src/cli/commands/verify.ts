import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { imageReference } from "../../core/images.ts";
import { copyArguments } from "../../core/naming.ts";
import { shownLog } from "../../core/problems.ts";
import { stackContainers } from "../../platforms/docker/daemon.ts";
import { namespaceOf } from "../../preview/kubernetes.ts";
import { type Daemon, reachDaemon } from "../daemon.ts";
import { composeFolder } from "../engines/compose.ts";
import { couldNotRun, exitCodes } from "../exit.ts";
import { printJson } from "../json.ts";
import { reachCluster } from "../kubernetes/kubectl.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { ownerOf } from "../state.ts";
import { table } from "../table.ts";
import { type CheckRow, runChecks } from "../verify/checks.ts";
import { type HealthRow, healthOf } from "../verify/health.ts";
import { gatewayHealth, kubernetesChecks, nothingRuns, workloadHealth } from "../verify/kubernetes.ts";
import { kubernetesPaths } from "../verify/kubernetes-paths.ts";
import { type PathRow, tryPaths } from "../verify/paths.ts";

export interface VerifyOptions {
  readonly folder?: string;
  readonly json?: boolean;
}

/** Every system by its own protocol, then who reaches whom. Ends with code 1 when anything is not as planned. */
export async function verify(env: string, options: VerifyOptions): Promise<void> {
  const project = openProject(env);
  if (options.folder !== undefined) requireRendered(project, resolve(options.folder));
  if (project.settings.target === "kubernetes") return verifyCluster(project, options);
  if (project.settings.target === "aws")
    throw couldNotRun("GP501", "target aws is not verified from here yet: its checks would have to run inside the network");
  const plan = await planOf(project);
  const daemon = await reachDaemon();
  const folder = await folderOf(project, daemon, options);
  const health = await healthOf(daemon.docker, project.prefix, plan);
  nothingRuns(health, project.prefix, copyArguments(env, project.settings.isolation));
  const checks = await runChecks(plan, daemon, folder);
  const paths = await tryPaths(plan, daemon, project.prefix, toolbox(project));
  tell(project, options, health, checks, paths);
}

/** A folder without the file of Compose would be told as checks that all fail. */
function requireRendered({ env, settings }: EnvironmentProject, folder: string): void {
  if (existsSync(join(folder, "compose.yaml"))) return;
  const what = existsSync(folder) ? "holds no compose.yaml" : "is not there";
  throw couldNotRun(
    "GP512",
    `${folder} ${what}\n  fix   groundplan render ${copyArguments(env, settings.isolation)} --output ${folder}, and start it`,
  );
}

/** The same on a cluster: by its API, and by Jobs that are deleted afterwards. */
async function verifyCluster(project: EnvironmentProject, options: VerifyOptions): Promise<void> {
  const plan = await planOf(project);
  const kubectl = await reachCluster(project, namespaceOf(plan));
  const health = [...(await workloadHealth(kubectl, plan)), ...(await gatewayHealth(kubectl, plan))];
  nothingRuns(health, project.prefix, copyArguments(project.env, project.settings.isolation));
  const checks = await kubernetesChecks(kubectl, plan);
  const { rows, silent } = await kubernetesPaths(kubectl, plan, toolbox(project), project.settings.kubernetes?.pullSecrets ?? []);
  const untold = silent.map((name) => ({ name: `paths from ${name}`, ok: false, said: "the pod that tried them left no log, so nothing is known" }));
  tell(project, options, health, [...checks, ...untold], rows);
}

const toolbox = ({ settings }: EnvironmentProject) => imageReference({ table: "toolbox" }, settings.images);

/** The same tables on every target; code 1 when anything is not as planned. */
function tell(
  project: EnvironmentProject,
  { json }: VerifyOptions,
  health: readonly HealthRow[],
  ofComponents: readonly CheckRow[],
  paths: readonly PathRow[],
): void {
  const checks = [...health.map(({ part, state, ok }) => ({ name: part, ok, said: state })), ...ofComponents];
  const findings = [...checks, ...paths].filter(({ ok }) => !ok).length;
  if (findings > 0) process.exitCode = exitCodes.findings;
  if (!json) {
    console.log(report(project, checks, paths));
    return;
  }
  const shown = checks.map((check) => ({ ...check, said: shownLog(check.said) }));
  printJson({ stack: project.prefix, target: project.settings.target, findings, checks: shown, paths });
}

/** Compose runs the checks where it deployed; the engine made them as containers that wait. */
async function folderOf(project: EnvironmentProject, daemon: Daemon, { folder }: VerifyOptions): Promise<string | undefined> {
  if (folder) return resolve(folder);
  // By label too: bare pulumi leaves no note of its own.
  const engine = ownerOf(project) ?? (await stackContainers(daemon.docker, project.prefix))[0]?.engine;
  return engine === "pulumi" ? undefined : composeFolder(project);
}

const agreement = (tried: number, wrong: number) => (tried === 0 ? "nothing known" : wrong === 0 ? "all as bound" : `${wrong} not as bound`);

function report(project: EnvironmentProject, checks: readonly CheckRow[], paths: readonly PathRow[]): string {
  const mark = (ok: boolean) => (ok ? pc.green("ok") : pc.red("FAILED"));
  const wrong = paths.filter(({ ok }) => !ok);
  const pathLines = wrong.map(({ from, to, port, connected, bound }) => [
    mark(false),
    `${from} -> ${to}:${port}`,
    `${connected ? "connected" : "refused"}, but ${bound ? "bound" : "not bound"}`,
  ]);
  const open = paths.filter(({ connected }) => connected).length;
  const failed = checks.filter(({ ok }) => !ok).length + wrong.length;
  return [
    pc.bold(`${project.prefix}: checks`),
    table(
      ["", "what", "result"],
      checks.map(({ name, ok, said }) => [mark(ok), name, shownLog(said)]),
    ),
    "",
    pc.bold("Paths"),
    `  ${paths.length} connections by name tried: ${open} open, ${paths.length - open} closed, ${agreement(paths.length, wrong.length)}`,
    ...(pathLines.length > 0 ? [table(["", "path", "result"], pathLines)] : []),
    "",
    failed === 0 ? pc.green("everything is as planned") : pc.red(`${failed} findings`),
  ].join("\n");
}
