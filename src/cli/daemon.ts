import { existsSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { labelKeys } from "../core/labels.ts";
import type { Problem } from "../core/problems.ts";
import { openDaemon, pingDaemon } from "../platforms/docker/daemon.ts";
import { type DockerEndpoint, resolveEndpoint } from "../platforms/docker/endpoint.ts";
import { preflight } from "../platforms/docker/preflight.ts";
import { containersOf } from "../preview/containers.ts";
import { type Plan, resourcesOfType } from "../preview/plan.ts";
import { badConfiguration, couldNotRun } from "./exit.ts";
import type { EnvironmentProject } from "./project.ts";
import type { Engine } from "./state.ts";

export interface Daemon {
  readonly docker: Docker;
  readonly endpoint: DockerEndpoint;
}

/** The daemon of this machine's Docker configuration, answering. */
export async function reachDaemon(): Promise<Daemon> {
  let endpoint: DockerEndpoint;
  try {
    endpoint = resolveEndpoint();
  } catch (error) {
    throw couldNotRun("GP102", error instanceof Error ? error.message : String(error));
  }
  const docker = openDaemon(endpoint);
  const silent = await pingDaemon(docker, endpoint);
  if (silent) throw couldNotRun(silent.code, `${silent.message}\n  ${silent.fix}`);
  return { docker, endpoint };
}

/** Compares the plan with what the daemon has; ends the command with everything that stands in the way. */
export async function checkMachine(project: EnvironmentProject, plan: Plan, engine: Engine, daemon: Daemon, folder?: string): Promise<void> {
  const problems = await machineProblems(project, plan, engine, daemon, folder);
  if (problems.length > 0) throw badConfiguration(problems);
}

/** Everything on the machine that stands in the way of the plan. */
export async function machineProblems(project: EnvironmentProject, plan: Plan, engine: Engine, daemon: Daemon, folder?: string): Promise<Problem[]> {
  const containers = containersOf(plan);
  const label = (labels: unknown, key: string) => (labels as { label: string; value: string }[]).find((l) => l.label === key)?.value ?? "";
  return preflight(daemon.docker, {
    prefix: project.prefix,
    engine,
    env: project.env,
    isolation: project.settings.isolation,
    remembered: existsSync(join(project.state, "allocations.json")),
    ...(folder ? { folder } : {}),
    containers: containers.map(({ inputs }) => inputs.name),
    ports: containers.flatMap(({ component, inputs }) =>
      (inputs.ports ?? []).map(({ external, internal, ip }) => ({
        key: portKey(project, plan, component, external, internal),
        component,
        port: external,
        host: ip,
      })),
    ),
    volumes: resourcesOfType(plan, "docker:index/volume:Volume")
      .filter(({ inputs }) => label(inputs.labels, labelKeys.role) === "data")
      .map(({ inputs }) => ({
        name: String(inputs.name),
        component: label(inputs.labels, labelKeys.component),
        format: label(inputs.labels, labelKeys.format),
      })),
    networks: resourcesOfType(plan, "docker:index/network:Network").map(({ inputs }) => ({
      name: String(inputs.name),
      subnet: (inputs.ipamConfigs as { subnet: string }[])[0]?.subnet ?? "",
    })),
    local: daemon.endpoint.host.startsWith("unix://"),
  });
}

function portKey(project: EnvironmentProject, plan: Plan, component: string, external: number, internal: number): string {
  const { ports: derived = {} } = (plan.remember ?? {}) as { ports?: Record<string, number> };
  const ports: Record<string, number> = { ...derived, ...project.settings.ports };
  return Object.keys(ports).find((key) => ports[key] === external) ?? `${component}.${internal}`;
}
