import { readdirSync } from "node:fs";
import { labelKeys } from "../../core/labels.ts";
import { stackPrefix } from "../../core/naming.ts";
import { resourcesOfType } from "../../preview/plan.ts";
import { foldersWithState } from "../completion/project-words.ts";
import type { EnvironmentProject } from "../project.ts";
import { type Check, notLookedAt, ok, type Verdict, warning } from "./check.ts";
import type { Examined } from "./examined.ts";

/** A volume or network of ours, as its labels say. */
export interface Labelled {
  readonly name: string;
  /** Copy of a stack that made it, e.g. `shop-dev-two`. */
  readonly stack: string;
}

export interface KnownCopies {
  readonly project: string;
  /** Prefixes of environments, and of copies that have containers or state below `.groundplan`. */
  readonly stacks: readonly string[];
  /** Names of the environments that have a stack file. */
  readonly environments: readonly string[];
  /** Data volumes of the plan, with the copy whose plan it is; undefined where there is no plan. */
  readonly planned: { readonly stack: string; readonly volumes: readonly string[] } | undefined;
}

type Known = Pick<KnownCopies, "project" | "environments">;

/** Volumes with data that nothing here would find again. Those of other projects are theirs: no command here deletes them. */
export function judgeVolumes(volumes: readonly Labelled[], known: KnownCopies): Verdict {
  const { own, doubtful } = byOwner(volumes, known);
  const unknown = own.filter(({ stack }) => !known.stacks.includes(stack));
  const unplanned = own.filter(({ name, stack }) => stack === known.planned?.stack && !known.planned.volumes.includes(name));
  const foreign = doubtful.filter(({ stack }) => !known.stacks.includes(stack));
  const gone = [...unknown, ...unplanned];
  if (gone.length + foreign.length === 0) return ok(`${own.length} of this project's environments, none without one`);
  const adopt = [...new Set(unknown.flatMap(({ stack }) => adoption(stack, known)))];
  return warning(
    [
      ...(unknown.length > 0 ? [`of copies that are not known any more: ${listed(unknown)}`] : []),
      ...(unplanned.length > 0 ? [`of components that ${known.planned?.stack} has no more: ${listed(unplanned)}`] : []),
      ...(foreign.length > 0 ? [maybeOf(foreign)] : []),
    ].join("; "),
    [
      ...(adopt.length > 0 ? [`to use the data again: ${adopt.join(", or ")}`] : []),
      ...(gone.length > 0 ? [`to delete it for good: docker volume rm ${named(gone)}`] : []),
      ...(foreign.length > 0 ? [`to see whose it is: docker volume inspect ${named(foreign)}`] : []),
    ].join("; "),
  );
}

/** Networks of copies of which nothing runs: they take addresses of the pool. */
export function judgeNetworks(networks: readonly Labelled[], running: readonly string[], known: Known): Verdict {
  const idle = networks.filter(({ stack }) => !running.includes(stack));
  const { own: left, doubtful: foreign } = byOwner(idle, known);
  if (left.length + foreign.length === 0) return ok("none without containers");
  return warning(
    [...(left.length > 0 ? [`of copies of which nothing is left: ${listed(left)}`] : []), ...(foreign.length > 0 ? [maybeOf(foreign)] : [])].join(
      "; ",
    ),
    [
      ...(left.length > 0 ? [`docker network rm ${named(left)}`] : []),
      ...(foreign.length > 0 ? [`to see whose it is: docker network inspect ${named(foreign)}`] : []),
    ].join("; "),
  );
}

/**
 * What is of an environment that this project has, or of a copy of one; and what may be, by the beginning of its label alone:
 * `shop-api-dev` is of an environment of `shop` that is gone, or of the project `shop-api`.
 */
function byOwner(all: readonly Labelled[], { project, environments }: Known) {
  const firsts = environments.map((env) => stackPrefix({ project, env, isolation: "" }));
  const isOwn = ({ stack }: Labelled) => firsts.some((first) => stack === first || stack.startsWith(`${first}-`));
  const begun = all.filter(({ stack }) => stack.startsWith(`${project}-`));
  return { own: begun.filter(isOwn), doubtful: begun.filter((one) => !isOwn(one)) };
}

const maybeOf = (foreign: readonly Labelled[]) => `of another project? ${listed(foreign)}`;

const listed = (all: readonly Labelled[]) => all.map(({ name }) => name).join(", ");

const named = (all: readonly Labelled[]) => all.map(({ name }) => name).join(" ");

/** `shop-dev-two` -> the command that brings the copy `two` of `dev` up. */
const adoption = (stack: string, { project, environments }: KnownCopies): string[] =>
  environments.flatMap((env) => {
    const first = stackPrefix({ project, env, isolation: "" });
    return stack.startsWith(`${first}-`) ? [`groundplan up ${env} --isolation ${stack.slice(first.length + 1)}`] : [];
  });

/** Copies that this folder and its containers know. */
function copiesOf({ root, project }: EnvironmentProject, withContainers: readonly string[]): Pick<KnownCopies, "stacks" | "environments"> {
  const environments = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return { environments, stacks: [...environments, ...foldersWithState(root)].map((copy) => `${project}-${copy}`).concat(withContainers) };
}

const asLabelled = (name: string, labels: Readonly<Record<string, string>> | null | undefined): Labelled => ({
  name,
  stack: labels?.[labelKeys.stack] ?? "",
});

const withDaemon =
  (look: (docker: NonNullable<Examined["daemon"]>["docker"], project: EnvironmentProject, about: Examined) => Promise<Verdict>) =>
  (about: Examined): Promise<Verdict> | Verdict => {
    if (!about.daemon) return notLookedAt("no Docker daemon answers");
    return about.project ? look(about.daemon.docker, about.project, about) : notLookedAt("there is no project whose they could be");
  };

const stacksOfContainers = async (docker: NonNullable<Examined["daemon"]>["docker"]): Promise<string[]> => {
  const containers = await docker.listContainers({ all: true, filters: { label: [labelKeys.stack] } });
  return [...new Set(containers.map(({ Labels }) => Labels[labelKeys.stack] ?? ""))];
};

export const leftoverChecks: readonly Check<Examined>[] = [
  {
    id: "orphaned-volumes",
    title: "Orphaned volumes",
    look: withDaemon(async (docker, project, { plan }) => {
      const [{ Volumes }, running] = await Promise.all([
        docker.listVolumes({ filters: { label: [`${labelKeys.role}=data`] } }),
        stacksOfContainers(docker),
      ]);
      const volumes = plan && resourcesOfType(plan, "docker:index/volume:Volume").map(({ inputs }) => String(inputs.name));
      const planned = volumes && project.settings.target === "docker" ? { stack: project.prefix, volumes } : undefined;
      const known = { project: project.project, ...copiesOf(project, running), planned };
      return judgeVolumes(
        (Volumes ?? []).map(({ Name, Labels }) => asLabelled(Name, Labels)),
        known,
      );
    }),
  },
  {
    id: "leftover-networks",
    title: "Leftover networks",
    look: withDaemon(async (docker, project) => {
      const [networks, running] = await Promise.all([docker.listNetworks({ filters: { label: [labelKeys.stack] } }), stacksOfContainers(docker)]);
      return judgeNetworks(
        networks.map(({ Name, Labels }) => asLabelled(Name, Labels)),
        running,
        { project: project.project, ...copiesOf(project, running) },
      );
    }),
  },
];
