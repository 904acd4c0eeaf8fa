import { capabilities } from "../../core/capabilities.ts";
import { missingPaths } from "../../core/missing-paths.ts";
import type { Problem } from "../../core/problems.ts";
import type { StackSettings } from "../../core/settings.ts";
import type { SystemSpec } from "../../core/system.ts";
import { coarserOn, unsupportedOn } from "../../core/unsupported.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import { namespaceOf } from "./context.ts";

/** What a cluster would refuse or never get: found before anything is made. */
export function kubernetesProblems(spec: SystemSpec, settings: StackSettings, root: string): Problem[] {
  return [
    ...unsupportedOn("kubernetes", spec),
    ...missingPaths(spec, root),
    ...spec.workloads.flatMap(({ image }) =>
      "build" in image && !settings.kubernetes?.registry ? [noRegistry(spec.name, image.build.context)] : [],
    ),
    ...[...spec.workloads, ...spec.jobs].flatMap(({ name, files }) => tooLarge(spec.name, name, files)),
  ];
}

/** What is wrong with the stack's own settings, once per stack. */
export function namespaceProblems(settings: StackSettings): Problem[] {
  const value = namespaceOf(settings);
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) return [];
  const origin = settings.origins.kubernetes;
  return [
    {
      component: "stack",
      path: "kubernetes.namespace",
      value,
      rule: "1 to 63 lower-case letters, digits and hyphens, the key of an isolated copy included",
      fix: "set kubernetes.namespace in the stack file to a shorter name",
      ...(origin ? { origin } : {}),
    },
  ];
}

const noRegistry = (component: string, value: string): Problem => ({
  component,
  path: "image",
  value,
  rule: "a registry that the cluster can pull from, as this image is built here: kubernetes.registry is missing",
  fix: "set kubernetes.registry in the stack file, e.g. ghcr.io/acme, or name an image that is pushed already",
});

/** A ConfigMap and a Secret hold 1 MiB each, with their names. */
const mostBytes = 1_000_000;

function tooLarge(component: string, name: string, files: WorkloadSpec["files"]): Problem[] {
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(typeof content === "string" ? content : JSON.stringify(content)), 0);
  return bytes <= mostBytes
    ? []
    : [
        {
          component,
          path: name,
          value: `${bytes} bytes`,
          rule: `at most ${mostBytes} bytes of files per container: a ConfigMap holds no more`,
          fix: "shorten what it is given, e.g. load large SQL from a job of your own",
        },
      ];
}

/** What Kubernetes honours only more coarsely than the topology says, as warnings that name the row of the matrix. */
export function kubernetesWarnings(spec: SystemSpec): string[] {
  const { capability, cells } = capabilities.published;
  const published = spec.workloads.some(({ ports }) => Object.values(ports).some((port) => port.published));
  return [...(published ? [`${capability}: kubernetes gives ${cells.kubernetes.how}`] : []), ...coarserOn("kubernetes", spec)];
}
