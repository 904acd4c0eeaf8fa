import type { ProblemCode } from "../../core/errors.ts";
import { missingPaths } from "../../core/missing-paths.ts";
import { stackPrefix } from "../../core/naming.ts";
import type { Problem } from "../../core/problems.ts";
import type { StackSettings } from "../../core/settings.ts";
import type { SystemSpec } from "../../core/system.ts";
import { unsupportedOn } from "../../core/unsupported.ts";
import type { WorkloadSpec } from "../../core/workload.ts";
import { namespaceOf } from "./context.ts";
import { meshOf } from "./mesh/mesh.ts";
import { meshProblems, strayMeshSettings } from "./mesh/problems.ts";

/** What a cluster would refuse or never get: found before anything is made. */
export function kubernetesProblems(spec: SystemSpec, settings: StackSettings, root: string): Problem[] {
  return [
    ...unsupportedOn("kubernetes", spec, meshOf(settings) ? ["requestTimeout"] : []),
    ...meshProblems(spec, settings),
    ...missingPaths(spec, root),
    ...spec.workloads.flatMap(({ image }) =>
      "build" in image && !settings.kubernetes?.registry ? [noRegistry(spec.name, image.build.context)] : [],
    ),
    ...[...spec.workloads, ...spec.jobs].flatMap(({ name, files }) => tooLarge(spec.name, name, files)),
  ];
}

/** What is wrong with the stack's own settings, once per stack. */
export function clusterProblems(settings: StackSettings): Problem[] {
  const { profile, kubernetes, origins } = settings;
  const problems: Problem[] = [];
  const add = (path: string, value: unknown, rule: string, fix: string, code: ProblemCode) =>
    problems.push({
      component: "stack",
      path: `kubernetes.${path}`,
      value,
      rule,
      fix,
      code,
      ...(origins.kubernetes ? { origin: origins.kubernetes } : {}),
    });
  const namespace = namespaceOf(settings);
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) {
    add(
      "namespace",
      namespace,
      "1 to 63 lower-case letters, digits and hyphens, the key of an isolated copy included",
      "set kubernetes.namespace in the stack file to a shorter name",
      "GP315",
    );
  }
  const stack = stackPrefix(settings);
  if (!/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(stack)) {
    problems.push({
      component: "stack",
      path: "name",
      value: stack,
      rule: "a label of every object: at most 63 letters, digits, hyphens, underscores and dots for project, environment and the key of a copy together",
      fix: "shorten the name in Pulumi.yaml",
      code: "GP315",
    });
  }
  if (profile.guardData && kubernetes?.storageClass === undefined) {
    add(
      "storageClass",
      undefined,
      `the class of the volumes by name in profile ${profile.name}: a cluster's default may delete disks with their claims, or change`,
      "kubectl get storageclass lists them",
      "GP312",
    );
  }
  return [...problems, ...strayMeshSettings(settings)];
}

/** What a cluster must have, and nothing here can find out. */
export function clusterWarnings(settings: StackSettings): string[] {
  const mesh = meshOf(settings);
  if (!mesh || mesh.install) return [];
  return [
    "the mesh of the cluster must run Istio's CNI node agent (pilot.cni.enabled): without it each pod gets a container that changes its network, and restricted pod security refuses those",
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
