import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { writeAllocations } from "../../platforms/docker/allocations.ts";
import { endpointEnvironment, type StackContainer, stackContainers } from "../../platforms/docker/daemon.ts";
import { dropStale, dropStrayContainers, sweep } from "../../platforms/docker/sweep.ts";
import { containersOf } from "../../preview/containers.ts";
import { type Plan, resourcesOfType } from "../../preview/plan.ts";
import { renderCompose } from "../../preview/render/compose.ts";
import { composeBuildFailure } from "../build-failure.ts";
import { type CredentialStore, openCredentials } from "../credentials.ts";
import type { Daemon } from "../daemon.ts";
import { couldNotRun } from "../exit.ts";
import { engine, stoppable } from "../interrupt.ts";
import type { EnvironmentProject } from "../project.ts";
import { writeProject } from "../render-folder.ts";
import { startWithRecovery } from "./compose-recovery.ts";

export const composeFolder = (project: EnvironmentProject) => join(project.state, "compose");

export const credentialStore = (project: EnvironmentProject): CredentialStore => openCredentials(join(project.state, "credentials.json"));

/** Where a person finds the passwords of this environment. */
export const passwordPlace = (project: EnvironmentProject) => `.groundplan/${project.stack}/credentials.json`;

export async function composeVersion(daemon: Daemon): Promise<string | undefined> {
  const { stdout, exitCode } = await execa("docker", ["compose", "version", "--short"], { reject: false, env: endpointEnvironment(daemon.endpoint) });
  return exitCode === 0 ? stdout?.trim() : undefined;
}

const passedOn = /^(PATH|HOME|USER|TMPDIR|DOCKER_CONFIG|SSH_AUTH_SOCK|SSL_CERT_\w+|XDG_\w+|BUILDX_\w+|\w+_proxy)$/i;

/** What the Docker CLI itself needs of the shell. */
const toolEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name)));

/** All jobs one after another, and the servers between them: a job that hangs must not hold the command for ever. */
function longestWaitSeconds(plan: Plan): number {
  const jobs = plan.resources.flatMap(({ createTimeout }) => (createTimeout ? [Number.parseInt(createTimeout, 10)] : []));
  return jobs.reduce((sum, seconds) => sum + seconds, 300);
}

/** Runs `docker compose` in a folder; answers how it ended and what it said. */
export async function compose(daemon: Daemon, folder: string, args: readonly string[], signal?: AbortSignal) {
  const running = execa(
    "docker",
    ["compose", "--project-directory", folder, "--file", join(folder, "compose.yaml"), "--env-file", join(folder, ".env"), ...args],
    {
      reject: false,
      all: true,
      stdin: "ignore",
      // The shell's variables would win over the file with the passwords.
      extendEnv: false,
      env: { ...toolEnvironment(), ...endpointEnvironment(daemon.endpoint), COMPOSE_PROGRESS: "plain" },
      ...stoppable(signal),
    },
  );
  return engine(running);
}

/** Inline contents of files came with 2.23. */
const oldest = [2, 23] as const;
export const composeRangeText = `${oldest.join(".")} or later`;

/** Whether this version of the plugin can run what is rendered. */
export function composeFits(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

export async function requireCompose(daemon: Daemon): Promise<void> {
  const version = await composeVersion(daemon);
  if (composeFits(version ?? "")) return;
  const found = version ? `; the one installed is ${version}` : "";
  throw couldNotRun(
    "GP103",
    `engine compose needs the Docker Compose plugin (docker compose) ${composeRangeText}${found}\n  Install it, or use --engine pulumi.`,
  );
}

/** Writes the project with its real credentials and starts it; the answer is what Compose said when it failed. */
export async function composeUp(project: EnvironmentProject, plan: Plan, daemon: Daemon, signal?: AbortSignal): Promise<string | undefined> {
  const folder = composeFolder(project);
  writeAllocations(join(project.state, "allocations.json"), plan.remember as Parameters<typeof writeAllocations>[1]);
  const rendered = renderCompose(plan);
  writeProject(rendered, folder);
  const current = {
    containers: rendered.containers,
    networks: namesOf(plan, "docker:index/network:Network"),
    volumes: namesOf(plan, "docker:index/volume:Volume"),
  };
  await dropStrayContainers(daemon.docker, project.prefix, current);
  const seconds = longestWaitSeconds(plan);
  const failure = await startWithRecovery({
    start: async (containers) => {
      // Asked for by name, a job would have to keep running to be waited for: what waits for these looks after that.
      const wait = containers.length === 0 ? ["--wait", "--wait-timeout", String(seconds), "--remove-orphans"] : [];
      const { exitCode, all } = await compose(daemon, folder, ["up", "--detach", ...wait, ...containers], signal);
      return { failed: exitCode !== 0, output: all ?? "" };
    },
    waitsFor: (name) => waitsForOf(plan, name),
    recovers: recoveryOf(daemon.docker, project.prefix, await stackContainers(daemon.docker, project.prefix), seconds, signal),
  });
  if (failure !== undefined) return composeBuildFailure(plan, project.root, failure) ?? failureLines(failure);
  await dropStale(daemon.docker, project.prefix, current);
  return undefined;
}

/** Containers that a container waits for, by name. */
function waitsForOf(plan: Plan, name: string): string[] {
  const all = containersOf(plan);
  const needs = all.find(({ inputs }) => inputs.name === name)?.resource.dependencies ?? [];
  return all.filter(({ resource }) => needs.includes(resource.urn)).map(({ inputs }) => inputs.name);
}

/** Waits for one of the containers that ran before, unless it was made anew since. */
function recoveryOf(docker: Daemon["docker"], prefix: string, before: readonly StackContainer[], seconds: number, signal?: AbortSignal) {
  return async (name: string): Promise<boolean> => {
    const old = before.find((container) => container.name === name);
    for (const deadline = Date.now() + seconds * 1000; old && !signal?.aborted && Date.now() < deadline; await sleep(1000)) {
      const now = (await stackContainers(docker, prefix)).find(({ id }) => id === old.id);
      if (now?.state !== "running") return false;
      if (now.health === "healthy") return true;
    }
    return false;
  };
}

const namesOf = (plan: Plan, type: string) => resourcesOfType(plan, type).map(({ inputs }) => String(inputs.name));

export async function composeDown(project: EnvironmentProject, daemon: Daemon, data: boolean): Promise<undefined> {
  await sweep(daemon.docker, { prefix: project.prefix, data });
}

/** The lines that tell what went wrong, without the progress of what went well. */
function failureLines(output: string): string {
  const told = output
    .split("\n")
    .filter(
      (line) =>
        line.trim() !== "" &&
        !/^\s*(Container|Network|Volume|Image)\s.+\s(Creat|Start|Wait|Runn|Health|Exit|Recreat|Built|Pull)\w*$/.test(line) &&
        !/^\s*\S+ (Pulling|Pulled)\s*$/.test(line),
    );
  return told.slice(-6).join("\n");
}
