import { type Problem, shownValue } from "../../core/problems.ts";
import { openDaemon } from "../../platforms/docker/daemon.ts";
import { type DockerEndpoint, resolveEndpoint } from "../../platforms/docker/endpoint.ts";
import type { Plan } from "../../preview/plan.ts";
import type { Daemon } from "../daemon.ts";
import { pulumiVersion } from "../engines/pulumi.ts";
import { CommandError } from "../exit.ts";
import { planOf } from "../plan.ts";
import { type EnvironmentProject, openProject } from "../project.ts";
import { type Engine, ownerOf } from "../state.ts";

/** What the daemon says of itself. */
export interface DaemonFacts {
  readonly version: string;
  readonly rootFolder: string;
  readonly memoryBytes: number;
  /** How far its clock is ahead, in milliseconds. */
  readonly aheadMs: number;
}

/** The environment and the machine, as far as they answer. Checks read it, each by itself. */
export interface Examined {
  readonly env: string;
  readonly project?: EnvironmentProject;
  readonly plan?: Plan;
  /** Why there is no project or no plan. */
  readonly refusal?: string;
  readonly endpoint?: DockerEndpoint;
  readonly daemon?: Daemon & { readonly facts: DaemonFacts };
  /** Why no daemon answers: its code, where it has one, and its words. */
  readonly silence?: { readonly code: string; readonly message: string };
  /** The environment cannot come up without a daemon. */
  readonly needsDocker: boolean;
  /** Version of the Pulumi CLI on PATH. */
  readonly pulumi?: string;
  /** The engine that would deploy. */
  readonly engine: Engine;
}

/** Looks at what most checks need: the settings, the plan, the daemon. Nothing of it ends the command. */
export async function examine(env: string): Promise<Examined> {
  const [planned, reached, pulumi] = await Promise.all([plannedOf(env), reachedDaemon(), pulumiVersion()]);
  const { project, plan } = planned;
  const builds = plan?.resources.some(({ type }) => type.startsWith("docker:")) ?? false;
  const engine = (project && ownerOf(project)) ?? (pulumi ? "pulumi" : "compose");
  return {
    env,
    ...planned,
    ...reached,
    needsDocker: !project || project.settings.target === "docker" || builds,
    ...(pulumi ? { pulumi } : {}),
    engine,
  };
}

async function plannedOf(env: string): Promise<Pick<Examined, "project" | "plan" | "refusal">> {
  let project: EnvironmentProject | undefined;
  try {
    project = openProject(env);
    return { project, plan: await planOf(project) };
  } catch (error) {
    return { ...(project ? { project } : {}), refusal: refusalText(error) };
  }
}

/** The first line of each problem: the whole is what preview prints. */
function refusalText(error: unknown): string {
  if (error instanceof CommandError && error.problems) return error.problems.map(problemLine).join("; ");
  return error instanceof Error ? error.message : String(error);
}

const problemLine = ({ component, path, value, rule }: Problem) => `${component}: ${path} = ${shownValue(path, value)}, not ${rule}`;

async function reachedDaemon(): Promise<Pick<Examined, "endpoint" | "daemon" | "silence">> {
  let endpoint: DockerEndpoint | undefined;
  try {
    endpoint = resolveEndpoint();
    const docker = openDaemon(endpoint);
    return { endpoint, daemon: { endpoint, docker, facts: await withTimeout(factsOf(docker), endpoint) } };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { ...(endpoint ? { endpoint } : {}), silence: { code: code ?? "", message: message ?? String(error) } };
  }
}

async function factsOf(docker: Daemon["docker"]): Promise<DaemonFacts> {
  const { Version } = await docker.version();
  const asked = Date.now();
  const { SystemTime, DockerRootDir, MemTotal } = (await docker.info()) as { SystemTime: string; DockerRootDir: string; MemTotal: number };
  return { version: Version, rootFolder: DockerRootDir, memoryBytes: MemTotal, aheadMs: Date.parse(SystemTime) - (asked + Date.now()) / 2 };
}

/** A daemon on another machine may say nothing at all. */
function withTimeout<T>(answer: Promise<T>, { host }: DockerEndpoint): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`${host} did not answer within 5 s`)), 5000).unref();
  });
  return Promise.race([answer, late]);
}
