import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type CapabilityKey, capabilities, refusal } from "../../core/capabilities.ts";
import type { Problem } from "../../core/problems.ts";
import type { SystemSpec } from "../../core/system.ts";
import type { WorkloadSpec } from "../../core/workload.ts";

/** What Docker cannot honour, as problems that name the row of the capability matrix. */
export function unsupportedOnDocker(spec: SystemSpec): Problem[] {
  return spec.workloads.flatMap((workload) => {
    if (workload.identity === "stable" || workload.replicas <= 1) return [];
    const published = Object.values(workload.ports).some((port) => port.published);
    return [
      ...(published ? [problem(spec, workload, "publishReplicas")] : []),
      ...(workload.volumes.length > 0 ? [problem(spec, workload, "volumeReplicas")] : []),
    ];
  });
}

const problem = (spec: SystemSpec, workload: WorkloadSpec, key: CapabilityKey): Problem => ({
  component: spec.name,
  path: "replicas",
  value: workload.replicas,
  ...refusal(key, "docker"),
});

/** Build contexts and Dockerfiles that are not there. */
export function missingPaths(spec: SystemSpec, root: string): Problem[] {
  return spec.workloads.flatMap(({ image }) => {
    if (!("build" in image)) return [];
    const folder = resolve(root, image.build.context);
    const missing = (path: string, value: string, rule: string, fix: string): Problem => ({ component: spec.name, path, value, rule, fix });
    if (!existsSync(folder)) {
      return [missing("image.build.context", image.build.context, "an existing folder, from the directory of Pulumi.yaml", "correct the path")];
    }
    const dockerfile = image.build.dockerfile ?? "Dockerfile";
    return existsSync(resolve(folder, dockerfile))
      ? []
      : [missing("image.build.dockerfile", dockerfile, "an existing file below the context", "write it, or name the right one")];
  });
}

/** What Docker honours only more coarsely than the topology says, as warnings that name the row. */
export function coarserOnDocker(spec: SystemSpec): string[] {
  const { capability, cells } = capabilities.egress;
  return spec.workloads.some((workload) => workload.egress.length > 0) ? [`${capability}: docker gives ${cells.docker.how}`] : [];
}
