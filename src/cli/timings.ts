import { containersOf } from "../preview/containers.ts";
import type { Plan, PlanResource } from "../preview/plan.ts";
import { table } from "./table.ts";

/** Moments of a container, in milliseconds by the daemon's clock. */
export interface PartTimes {
  readonly created: number;
  /** Undefined for a container that only carries files. */
  readonly started: number | undefined;
  /** First healthy, ended well, or without a health check: started. */
  readonly ready: number;
}

/** Times by the name of the part in the plan. */
export type Times = ReadonlyMap<string, PartTimes>;

export interface Link {
  readonly part: string;
  /** From its start until it was ready. */
  readonly seconds: number;
}

/** What ran in this `up` and waited for each other, and took longest together. */
export interface Chain {
  readonly links: readonly Link[];
  readonly seconds: number;
}

const nothing: Chain = { links: [], seconds: 0 };

/** The longest chain of "waits for" in a plan. What ran before `began` takes no time in it, and is not named. */
export function criticalPath(plan: Plan, times: Times, began: number): Chain {
  const resources = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const containers = new Set(containersOf(plan).map(({ resource }) => resource.urn));
  const found = new Map<string, Chain>();
  const chainTo = (resource: PlanResource): Chain => {
    const known = found.get(resource.urn);
    if (known) return known;
    const before = resource.dependencies.flatMap((urn) => resources.get(urn) ?? []).map(chainTo);
    const longest = before.reduce(longer, nothing);
    const own = containers.has(resource.urn) ? secondsOf(times.get(resource.name), began) : undefined;
    const chain = own === undefined ? longest : { links: [...longest.links, { part: resource.name, seconds: own }], seconds: longest.seconds + own };
    found.set(resource.urn, chain);
    return chain;
  };
  return plan.resources.map(chainTo).reduce(longer, nothing);
}

const longer = (a: Chain, b: Chain) => (b.seconds > a.seconds || (b.seconds === a.seconds && b.links.length > a.links.length) ? b : a);

/** Seconds that a part took in this run; undefined when it did not start in it. */
const secondsOf = (times: PartTimes | undefined, began: number) =>
  times?.started === undefined || times.started < began ? undefined : Math.max(0, times.ready - times.started) / 1000;

export interface Run {
  /** By the daemon's clock, in milliseconds. */
  readonly began: number;
  /** Until the engine started: the plan, and the comparison with this machine. */
  readonly planSeconds: number;
  readonly wallSeconds: number;
}

/** What took how long since the command began, the longest chain, and how much of the whole it explains. */
export function timingsText(plan: Plan, times: Times, { began, planSeconds, wallSeconds }: Run): string {
  const parts = containersOf(plan)
    .flatMap(({ resource: { name } }) => ({ name, times: times.get(name), took: secondsOf(times.get(name), began) }))
    .flatMap(({ name, times: of, took }) => (of && took !== undefined ? [{ name, of, took }] : []))
    .toSorted((a, b) => (a.of.started ?? 0) - (b.of.started ?? 0));
  if (parts.length === 0) return `Timings\n  nothing was started: every part was there already; the whole up took ${shown(wallSeconds)}`;
  const since = (moment = 0) => (moment < began ? "before" : shown((moment - began) / 1000));
  const { links, seconds } = criticalPath(plan, times, began);
  // What is no part's own time: the engine between two of them, or another part that was waited for.
  const idle = ({ part }: Link, before: Link | undefined) =>
    Math.max(0, (times.get(part)?.started ?? began) - (before ? (times.get(before.part)?.ready ?? began) : began)) / 1000;
  return [
    "Timings, since the command began",
    table(
      ["part", "created", "started", "ready", "took"],
      parts.map(({ name, of, took }) => [name, since(of.created), since(of.started), since(of.ready), shown(took)]),
    ),
    "",
    "Longest chain of parts that wait for each other",
    table(
      ["part", "idle before", "took"],
      links.map((link, index) => [link.part, shown(idle(link, links[index - 1])), shown(link.seconds)]),
    ),
    `  ${links.map(({ part }) => part).join(" -> ")}: ${shown(seconds)}; the whole up took ${shown(wallSeconds)}${ratio(wallSeconds, seconds)}`,
    `  Before the first of them: ${shown(planSeconds)} for the plan and the checks of this machine`,
  ].join("\n");
}

const shown = (seconds: number) => `${seconds.toFixed(1)} s`;

const ratio = (wall: number, chain: number) => (chain > 0 ? `, ${(wall / chain).toFixed(2)} times that` : "");
