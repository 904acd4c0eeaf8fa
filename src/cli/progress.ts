import type Docker from "dockerode";
import { Listr, ListrLogger, type ListrLogLevels, ProcessOutput } from "listr2";
import { type StackContainer, stackContainers } from "../platforms/docker/daemon.ts";
import { containersOf, type PlanContainer } from "../preview/containers.ts";
import type { Plan } from "../preview/plan.ts";
import { ObservedTimes } from "./observe-times.ts";
import type { Times } from "./timings.ts";

const everyMs = 400;

/** What is known when the engine is done. */
export interface Followed {
  readonly ready: readonly string[];
  /** Parts that are not ready, each with its state. */
  readonly behind: readonly string[];
  readonly times: Times;
}

/**
 * Shows each part of the plan as it becomes ready. Stop it when the engine is done. Only then is it known of a part that
 * was ready before whether it stayed: it may be made anew at any time. `aside` shows it on the error output, line by line.
 */
export async function followProgress(docker: Docker, prefix: string, plan: Plan, aside = false): Promise<() => Promise<Followed>> {
  const all = containersOf(plan);
  const before = await stackContainers(docker, prefix);
  const observed = new ObservedTimes(docker);
  const shown = all
    .filter(({ role }) => role === "server" || role === "job")
    .map(
      (part): Part => ({ ...part, prober: all.find(({ role, resource }) => role === "prober" && resource.dependencies.includes(part.resource.urn)) }),
    );
  let ended = false;
  let now: readonly StackContainer[] = [];
  const poll = setInterval(() => {
    stackContainers(docker, prefix).then(
      (containers) => {
        now = containers;
        for (const part of all) {
          const container = find(part, now);
          if (container && hasBecome(part, container)) void observed.note(part.resource.name, container);
        }
      },
      () => {},
    );
  }, everyMs);
  const tasks = new Listr(
    shown.map((part) => ({
      title: `${part.resource.name}  waiting`,
      task: async (_: unknown, task: { title: string }) => {
        const began = Date.now();
        while (!ended && !(isReady(part, now) && !isUnchanged(part, before, now))) {
          task.title = `${part.resource.name}  ${stateOf(part, now)}`;
          await new Promise((resolve) => setTimeout(resolve, everyMs));
        }
        const seconds = ((Date.now() - began) / 1000).toFixed(1);
        if (!isReady(part, now)) throw new Error(`${part.resource.name}  ${stateOf(part, now)}`);
        // A job may have run again in the container that it had; for how long is not known.
        const [unchanged, changed] = part.role === "job" ? ["done", "done"] : ["ready before", "ready"];
        task.title = `${part.resource.name}  ${isUnchanged(part, before, now) ? unchanged : `${changed}  ${seconds} s`}`;
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      fallbackRenderer: "simple",
      rendererOptions: { collapseErrors: true, showErrorMessage: false },
      ...(aside ? { fallbackRendererCondition: true, fallbackRendererOptions: { logger: onErrorOutput() } } : {}),
    },
  );
  const running = tasks.run().catch(() => {});
  return async () => {
    now = await stackContainers(docker, prefix).catch(() => now);
    ended = true;
    await running;
    clearInterval(poll);
    const ready = shown.filter((part) => isReady(part, now)).map(({ resource }) => resource.name);
    const behind = shown.filter((part) => !isReady(part, now)).map((part) => `${part.resource.name} (${stateOf(part, now)})`);
    const there = all.flatMap((part) => {
      const container = find(part, now);
      return container ? [{ part: part.resource.name, id: container.id }] : [];
    });
    return { ready, behind, times: await observed.close(there) };
  };
}

const onErrorOutput = () => new ListrLogger<ListrLogLevels>({ processOutput: new ProcessOutput(process.stderr, process.stderr) });

/** A part with the container that asks for its health, when it cannot say by itself. */
interface Part extends PlanContainer {
  readonly prober?: PlanContainer | undefined;
}

const find = (part: PlanContainer, now: readonly StackContainer[]) => now.find(({ name }) => name === part.inputs.name);

function isReady(part: Part, now: readonly StackContainer[]): boolean {
  const container = find(part, now);
  return container !== undefined && hasBecome(part, container) && (!part.prober || isReady(part.prober, now));
}

/** It was ready when the command began, and is the same container still. */
const isUnchanged = (part: Part, before: readonly StackContainer[], now: readonly StackContainer[]) =>
  isReady(part, before) && find(part, before)?.id === find(part, now)?.id;

/** The container by itself has become what it should be. */
function hasBecome(part: PlanContainer, container: StackContainer): boolean {
  if (part.inputs.mustRun === false) return container.state === "exited" && container.exitCode === 0;
  return container.state === "running" && (!part.inputs.healthcheck || container.health === "healthy");
}

function stateOf(part: Part, now: readonly StackContainer[]): string {
  const container = find(part, now);
  if (!container) return "waiting";
  if (part.prober && container.state === "running") return stateOf(part.prober, now);
  if (container.state === "exited") return `ended with code ${container.exitCode ?? "unknown"}`;
  return container.health ? container.health : container.state;
}
