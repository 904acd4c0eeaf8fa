import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { stateFolder } from "./naming.ts";
import type { Problem } from "./problems.ts";
import type { SystemSpec } from "./system.ts";

/** Build contexts, Dockerfiles and folders of the machine that are not there, and folders that are not to be given away. */
export const missingPaths = (spec: SystemSpec, root: string): Problem[] => [
  ...missingBuilds(spec, root),
  ...missingMounts(spec, root),
  ...stateMounts(spec, root),
];

/** What the library keeps for its environments opens all of them. */
const stateMounts = (spec: SystemSpec, root: string): Problem[] =>
  spec.workloads
    .flatMap(({ mounts = [] }) => mounts)
    .filter(({ from }) => `${resolve(root, from)}${sep}`.startsWith(`${join(root, stateFolder)}${sep}`))
    .map(({ from, path }) => ({
      component: spec.name,
      path: `mounts (${path})`,
      value: from,
      rule: `a folder that is not below ${stateFolder}: keys and state of the environments are there`,
      fix: "put what the service needs elsewhere",
      code: "GP326",
    }));

/** A daemon would make a folder that is missing, as root's. */
const missingMounts = (spec: SystemSpec, root: string): Problem[] =>
  spec.workloads
    .flatMap(({ mounts = [] }) => mounts)
    .filter(({ from }) => !existsSync(resolve(root, from)))
    .map(({ from, path }) => ({
      component: spec.name,
      path: `mounts (${path})`,
      value: from,
      rule: "an existing folder, from the directory of Pulumi.yaml",
      fix: "make it, or correct the path",
      code: "GP326",
    }));

function missingBuilds(spec: SystemSpec, root: string): Problem[] {
  return spec.workloads.flatMap(({ image }) => {
    if (!("build" in image)) return [];
    const folder = resolve(root, image.build.context);
    const missing = (path: string, value: string, rule: string, fix: string): Problem => ({
      component: spec.name,
      path,
      value,
      rule,
      fix,
      code: "GP326",
    });
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      return [missing("image.build.context", image.build.context, "an existing folder, from the directory of Pulumi.yaml", "correct the path")];
    }
    const dockerfile = image.build.dockerfile ?? "Dockerfile";
    if (!existsSync(resolve(folder, dockerfile))) {
      return [missing("image.build.dockerfile", dockerfile, "an existing file below the context", "write it, or name the right one")];
    }
    if (!takesState(folder, dockerfile, root)) return [];
    const rule = `a context without ${stateFolder}: keys and state of the environments are there, and every image would hold them`;
    return [
      missing(
        "image.build.context",
        image.build.context,
        rule,
        `write ${stateFolder} into ${ignoreFile(folder, dockerfile)}, or build a folder below`,
      ),
    ];
  });
}

/** Whether what the library keeps for its environments would go into a build: it lies in the context, and nothing leaves it out. */
function takesState(folder: string, dockerfile: string, root: string): boolean {
  const state = relative(folder, join(root, stateFolder));
  if (state.startsWith("..")) return `${folder}${sep}`.startsWith(`${join(root, stateFolder)}${sep}`);
  const ignored = [state, `/${state}`, `**/${stateFolder}`, "*", "**", ...(state === stateFolder ? [".*"] : [])];
  const file = join(folder, ignoreFile(folder, dockerfile));
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return !lines.some((line) => ignored.includes(line.trim().replace(/(\/|\/\*|\/\*\*)$/, "")));
}

/** A Dockerfile may have an ignore file of its own, which then stands for that of the context. */
export const ignoreFile = (folder: string, dockerfile: string) =>
  existsSync(join(folder, `${dockerfile}.dockerignore`)) ? `${dockerfile}.dockerignore` : ".dockerignore";
