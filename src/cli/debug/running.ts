import { labelKeys } from "../../core/labels.ts";
import { stackContainers } from "../../platforms/docker/daemon.ts";
import { plainLog } from "../../platforms/docker/diagnose.ts";
import { namespaceOf } from "../../preview/kubernetes.ts";
import type { Plan } from "../../preview/plan.ts";
import type { Daemon } from "../daemon.ts";
import { reachCluster } from "../kubernetes/kubectl.ts";
import type { EnvironmentProject } from "../project.ts";
import { secretValues, variablesOf } from "../secret-values.ts";

/** A file of the bundle, before anything is hidden in it. */
export interface RawFile {
  readonly path: string;
  /** Text, or a value that becomes JSON. */
  readonly content: unknown;
}

export interface Running {
  readonly files: readonly RawFile[];
  /** Values that containers have in variables and that must not be shown. */
  readonly secrets: readonly string[];
}

/** Lines of each log. */
const lastLines = 200;

/** Containers of a stack: how they are, what their health checks said, and the ends of their logs. */
export async function runningContainers({ docker }: Daemon, prefix: string): Promise<Running> {
  const all = await stackContainers(docker, prefix);
  const looked = await Promise.all(
    all.map(async ({ id, name, component, role }) => {
      const container = docker.getContainer(id);
      const { State, Config, Image, RestartCount, Created } = await container.inspect();
      const log = await container.logs({ stdout: true, stderr: true, tail: lastLines, timestamps: true, follow: false }).catch(() => undefined);
      const { Status, ExitCode, Error: error, OOMKilled, StartedAt, FinishedAt, Health } = State;
      const variables = variablesOf(Config.Env ?? []);
      return {
        state: {
          name,
          component,
          role,
          image: Config.Image,
          imageId: Image,
          status: Status,
          health: Health?.Status ?? null,
          healthOutput: Health?.Log?.slice(-3).map(({ ExitCode: code, Output }) => ({ code, output: Output })) ?? [],
          exitCode: ExitCode,
          error,
          outOfMemory: OOMKilled,
          restarts: RestartCount,
          created: Created,
          started: StartedAt,
          finished: FinishedAt,
          // Names alone.
          variables: Object.keys(variables),
        },
        log: log === undefined ? "no log can be read" : plainLog(log as unknown as Buffer),
        secrets: secretValues(variables),
      };
    }),
  );
  return {
    files: [
      { path: "containers.json", content: looked.map(({ state }) => state) },
      // What was never started, and what only changes owners, says nothing.
      ...looked
        .filter(({ state }) => !["files", "owner"].includes(state.role))
        .map(({ state, log }) => ({ path: `logs/${state.name}.log`, content: log })),
    ],
    secrets: looked.flatMap(({ secrets }) => secrets),
  };
}

/** Pods of a stack and what the cluster noted of it. Secrets and the environment of pods are not asked for. */
export async function runningPods(project: EnvironmentProject, plan: Plan): Promise<Running> {
  const kubectl = await reachCluster(project, namespaceOf(plan));
  const selector = `${labelKeys.stack}=${project.prefix}`;
  interface Pod {
    readonly metadata: { readonly name: string };
    readonly status: unknown;
  }
  const [pods, events] = await Promise.all([kubectl.list<Pod>("pods", selector), kubectl.try(["get", "events", "--sort-by", ".lastTimestamp"])]);
  const logs = await Promise.all(
    pods.map(async ({ metadata: { name } }) => ({
      path: `logs/${name}.log`,
      content: (await kubectl.try(["logs", name, "--all-containers", "--timestamps", "--tail", String(lastLines)])) ?? "no log can be read",
    })),
  );
  return {
    files: [
      { path: "pods.json", content: pods.map(({ metadata: { name }, status }) => ({ name, status })) },
      { path: "events.txt", content: events ?? "none can be read" },
      ...logs,
    ],
    secrets: [],
  };
}
