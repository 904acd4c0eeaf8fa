import type { StackContainer } from "../platforms/docker/daemon.ts";
import { containersOf, type PlanContainer } from "../preview/containers.ts";
import type { Plan } from "../preview/plan.ts";

/** A part with the container that asks for its health, when it cannot say by itself. */
export interface Part extends PlanContainer {
  readonly prober?: PlanContainer | undefined;
}

/** Servers and jobs of a plan. */
export function partsOf(plan: Plan): Part[] {
  const all = containersOf(plan);
  return all
    .filter(({ role }) => role === "server" || role === "job")
    .map((part) => ({ ...part, prober: all.find(({ role, resource }) => role === "prober" && resource.dependencies.includes(part.resource.urn)) }));
}

export const containerOf = (part: PlanContainer, now: readonly StackContainer[]) => now.find(({ name }) => name === part.inputs.name);

export function isReady(part: Part, now: readonly StackContainer[]): boolean {
  const container = containerOf(part, now);
  return container !== undefined && hasBecome(part, container) && (!part.prober || isReady(part.prober, now));
}

/** It was ready when the command began, and is the same container still. */
export const isUnchanged = (part: Part, before: readonly StackContainer[], now: readonly StackContainer[]) =>
  isReady(part, before) && containerOf(part, before)?.id === containerOf(part, now)?.id;

/** The container by itself has become what it should be. */
export function hasBecome(part: PlanContainer, container: StackContainer): boolean {
  if (part.inputs.mustRun === false) return container.state === "exited" && container.exitCode === 0;
  return container.state === "running" && (!part.inputs.healthcheck || container.health === "healthy");
}

export function stateOf(part: Part, now: readonly StackContainer[]): string {
  const container = containerOf(part, now);
  if (!container) return "waiting";
  if (part.prober && container.state === "running") return stateOf(part.prober, now);
  if (container.state === "exited") return `ended with code ${container.exitCode ?? "unknown"}`;
  return container.health ? container.health : container.state;
}

/** What became of a part that is not ready when the engine has given up. `underway`: it was on its way. */
export function standingOf(part: Part, now: readonly StackContainer[]): "failed" | "underway" | "not started" {
  const container = containerOf(part, now);
  if (!container || container.state === "created") return "not started";
  const state = stateOf(part, now);
  return container.state === "running" && state !== "unhealthy" && !state.startsWith("ended") ? "underway" : "failed";
}

/** What is left to tell of the parts when the engine has given up: each that failed, and the others in a line. */
export function failedLines(parts: readonly Part[], now: readonly StackContainer[]): string[] {
  const behind = parts.filter((part) => !isReady(part, now));
  const named = ({ resource }: Part) => resource.name;
  const withState = (part: Part) => `${named(part)}  ${stateOf(part, now)}`;
  const of = (standing: ReturnType<typeof standingOf>) => behind.filter((part) => standingOf(part, now) === standing);
  const [underway, notStarted] = [of("underway"), of("not started")];
  return [
    ...of("failed").map((part) => `✖ ${withState(part)}`),
    ...(underway.length > 0
      ? [`  ${underway.length} not ready: ${underway.map((part) => `${named(part)} (${stateOf(part, now)})`).join(", ")}`]
      : []),
    ...(notStarted.length > 0 ? [`  ${notStarted.length} not started: ${notStarted.map(named).join(", ")}`] : []),
  ];
}
