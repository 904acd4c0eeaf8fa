import { existsSync } from "node:fs";
import { join, resolve, sep } from "node:path";
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
    if (!existsSync(folder)) {
      return [missing("image.build.context", image.build.context, "an existing folder, from the directory of Pulumi.yaml", "correct the path")];
    }
    const dockerfile = image.build.dockerfile ?? "Dockerfile";
    return existsSync(resolve(folder, dockerfile))
      ? []
      : [missing("image.build.dockerfile", dockerfile, "an existing file below the context", "write it, or name the right one")];
  });
}
