import type Docker from "dockerode";
import { Listr } from "listr2";
import { type StackContainer, stackContainers } from "../platforms/docker/daemon.ts";
import { containersOf, type PlanContainer } from "../preview/containers.ts";
import type { Plan } from "../preview/plan.ts";

const everyMs = 400;

/** Shows each part of the plan as it becomes ready. Stop it when the engine is done; it answers what is not ready then. */
export function followProgress(docker: Docker, prefix: string, plan: Plan): () => Promise<string[]> {
  const all = containersOf(plan);
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
      },
      () => {},
    );
  }, everyMs);
  const tasks = new Listr(
    shown.map((part) => ({
      title: `${part.resource.name}  waiting`,
      task: async (_: unknown, task: { title: string }) => {
        const began = Date.now();
        while (!ended && !isReady(part, now)) {
          task.title = `${part.resource.name}  ${stateOf(part, now)}`;
          await new Promise((resolve) => setTimeout(resolve, everyMs));
        }
        const seconds = ((Date.now() - began) / 1000).toFixed(1);
        if (!isReady(part, now)) throw new Error(`${part.resource.name}  ${stateOf(part, now)}`);
        task.title = `${part.resource.name}  ${part.role === "job" ? "done" : "ready"}  ${seconds} s`;
      },
    })),
    { concurrent: true, exitOnError: false, fallbackRenderer: "simple", rendererOptions: { collapseErrors: true, showErrorMessage: false } },
  );
  const running = tasks.run().catch(() => {});
  return async () => {
    now = await stackContainers(docker, prefix).catch(() => now);
    ended = true;
    await running;
    clearInterval(poll);
    return shown.filter((part) => !isReady(part, now)).map((part) => `${part.resource.name} (${stateOf(part, now)})`);
  };
}

/** A part with the container that asks for its health, when it cannot say by itself. */
interface Part extends PlanContainer {
  readonly prober?: PlanContainer | undefined;
}

const find = (part: PlanContainer, now: readonly StackContainer[]) => now.find(({ name }) => name === part.inputs.name);

function isReady(part: Part, now: readonly StackContainer[]): boolean {
  const container = find(part, now);
  if (!container || (part.prober && !isReady(part.prober, now))) return false;
  if (part.role === "job") return container.state === "exited" && container.exitCode === 0;
  return container.state === "running" && (!part.inputs.healthcheck || container.health === "healthy");
}

function stateOf(part: Part, now: readonly StackContainer[]): string {
  const container = find(part, now);
  if (!container) return "waiting";
  if (part.prober && container.state === "running") return stateOf(part.prober, now);
  if (container.state === "exited") return `ended with code ${container.exitCode ?? "unknown"}`;
  return container.health ? container.health : container.state;
}
