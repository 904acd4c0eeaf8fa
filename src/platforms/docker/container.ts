import type { ContainerArgs } from "@pulumi/docker/container.js";
import * as pulumi from "@pulumi/pulumi";
import { isSecretText, resolveText, type Secrets } from "../../core/text.ts";
import type { ContainerSpec, EnvValue } from "../../core/workload.ts";

/** What every container gets: no privileges to gain, no capability, a read-only root, an init process. */
export const confined = {
  readOnly: true,
  init: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges"],
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
} as const satisfies Partial<ContainerArgs>;

/** Changes of these are reported by the provider as updated but reach no running container. */
export const replaceOnChanges = ["healthcheck", "tmpfs", "init", "wait", "mustRun", "attach", "logs", "cpus", "stopTimeout", "stopSignal"];

/** The part of a container's arguments that comes straight from its spec. */
export function containerArgs(spec: ContainerSpec, secrets: Secrets, ownEnv: Readonly<Record<string, string>> = {}) {
  const env: Record<string, EnvValue> = { ...spec.env, ...ownEnv };
  const { memoryMiB, cpus } = spec.resources;
  return {
    ...confined,
    readOnly: spec.readOnlyRoot,
    user: `${spec.uid}:${spec.gid}`,
    ...(spec.entrypoint ? { entrypoints: [...spec.entrypoint] } : {}),
    ...(spec.command ? { command: [...spec.command] } : {}),
    envs: Object.entries(env)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => pulumi.interpolate`${name}=${envValue(value, secrets)}`),
    tmpfs: Object.fromEntries(spec.scratch.map((path) => [path, "rw,noexec,nosuid,size=64m,mode=1777"])),
    memory: memoryMiB,
    // Equal to memory: no swap. Left out, the provider shows a difference on every preview.
    memorySwap: memoryMiB,
    // As the daemon prints it back, or every preview shows a difference.
    cpus: Number.isInteger(cpus) ? cpus.toFixed(1) : String(cpus),
  } satisfies Partial<ContainerArgs>;
}

function envValue(value: EnvValue, secrets: Secrets): pulumi.Output<string> {
  return isSecretText(value) ? resolveText(value, secrets) : pulumi.output(value as pulumi.Input<string>);
}
