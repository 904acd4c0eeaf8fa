import type Docker from "dockerode";
import { Listr } from "listr2";
import { type StackContainer, stackContainers } from "../platforms/docker/daemon.ts";
import { containersOf } from "../preview/containers.ts";
import type { Plan } from "../preview/plan.ts";
import { ObservedTimes } from "./observe-times.ts";
import { containerOf, failedLines, hasBecome, isReady, isUnchanged, type Part, partsOf, standingOf, stateOf } from "./part-standing.ts";
import type { Times } from "./timings.ts";

const everyMs = 400;

/** What is known when the engine is done. */
export interface Followed {
  readonly ready: readonly string[];
  /** Parts that are not ready, each with its state. */
  readonly behind: readonly string[];
  readonly times: Times;
}

/** How the engine ended. `refused`: before it did anything, or whoever ends the command tells of the parts itself. */
export type Ending = "done" | "failed" | "refused";

/** What is known while it runs. */
interface Watched {
  readonly parts: readonly Part[];
  readonly before: readonly StackContainer[];
  now: readonly StackContainer[];
  ending: Ending | undefined;
}

/** Shows parts as they become ready; what it answers ends when everything is shown. */
type Display = (watched: Watched) => Promise<void>;

/**
 * Shows each part of the plan as it becomes ready. Stop it when the engine is done. Only then is it known of a part that
 * was ready before whether it stayed: it may be made anew at any time. `aside` shows it on the error output, line by line.
 */
export async function followProgress(docker: Docker, prefix: string, plan: Plan, aside = false): Promise<(ending: Ending) => Promise<Followed>> {
  const all = containersOf(plan);
  const observed = new ObservedTimes(docker);
  const watched: Watched = { parts: partsOf(plan), before: await stackContainers(docker, prefix), now: [], ending: undefined };
  const poll = setInterval(() => {
    stackContainers(docker, prefix).then(
      (containers) => {
        watched.now = containers;
        for (const part of all) {
          const container = containerOf(part, containers);
          if (container && hasBecome(part, container)) void observed.note(part.resource.name, container);
        }
      },
      () => {},
    );
  }, everyMs);
  const display = aside || !process.stdout.isTTY ? lineByLine(aside ? console.error : console.log) : onTerminal;
  const shown = display(watched);
  return async (ending) => {
    watched.now = await stackContainers(docker, prefix).catch(() => watched.now);
    watched.ending = ending;
    await shown;
    clearInterval(poll);
    const { parts, now } = watched;
    const ready = parts.filter((part) => isReady(part, now)).map(({ resource }) => resource.name);
    const behind = parts.filter((part) => !isReady(part, now)).map((part) => `${part.resource.name} (${stateOf(part, now)})`);
    const there = all.flatMap((part) => {
      const container = containerOf(part, now);
      return container ? [{ part: part.resource.name, id: container.id }] : [];
    });
    return { ready, behind, times: await observed.close(there) };
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, everyMs));

const secondsSince = (began: number) => `${((Date.now() - began) / 1000).toFixed(1)} s`;

/** A part that is ready. A job may have run again in the container that it had; for how long is not known. */
function readyTitle(part: Part, { before, now }: Watched, time: string): string {
  const [unchanged, changed] = part.role === "job" ? ["done", "done"] : ["ready before", "ready"];
  return `${part.resource.name}  ${isUnchanged(part, before, now) ? unchanged : `${changed}  ${time}`}`;
}

/** For logs: a line for each part when it is ready, and at the end what is not. */
export const lineByLine =
  (say: (line: string) => void): Display =>
  async (watched) => {
    const began = Date.now();
    const told = new Set<Part>();
    const tell = (part: Part) => {
      told.add(part);
      say(`✔ ${readyTitle(part, watched, secondsSince(began))}`);
    };
    const waiting = () => watched.parts.filter((part) => !told.has(part) && isReady(part, watched.now));
    const changed = () => waiting().filter((part) => !isUnchanged(part, watched.before, watched.now));
    while (!watched.ending) {
      for (const part of changed()) tell(part);
      await pause();
    }
    for (const part of watched.ending === "done" ? waiting() : changed()) tell(part);
    if (watched.ending !== "refused") for (const line of failedLines(watched.parts, watched.now)) say(line);
  };

/** All parts at once, each with what it does at the moment. */
const onTerminal: Display = async (watched) => {
  const tasks = new Listr(
    watched.parts.map((part) => ({
      title: `${part.resource.name}  waiting`,
      task: async (_: unknown, task: { title: string; skip: (text: string) => void }) => {
        const began = Date.now();
        const settled = () => isReady(part, watched.now) && !isUnchanged(part, watched.before, watched.now);
        while (!watched.ending && !settled()) {
          task.title = `${part.resource.name}  ${stateOf(part, watched.now)}`;
          await pause();
        }
        const time = secondsSince(began);
        const state = `${part.resource.name}  ${stateOf(part, watched.now)}`;
        if (isReady(part, watched.now)) task.title = readyTitle(part, watched, time);
        else if (standingOf(part, watched.now) === "failed") throw new Error(state);
        else task.skip(state);
      },
    })),
    { concurrent: true, exitOnError: false, registerSignalListeners: false, rendererOptions: { collapseErrors: true, showErrorMessage: false } },
  );
  await tasks.run().catch(() => {});
};
