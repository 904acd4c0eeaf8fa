import type { Resource } from "./model.ts";
import { below, record, records } from "./read.ts";

const inGroup = (kind: string, ...versions: readonly string[]) => versions.map((version) => `kubernetes:${version}:${kind}`);

export const podTypes = inGroup("Pod", "core/v1");
export const deploymentTypes = inGroup("Deployment", "apps/v1", "apps/v1beta2", "apps/v1beta1", "extensions/v1beta1");
export const statefulSetTypes = inGroup("StatefulSet", "apps/v1", "apps/v1beta2", "apps/v1beta1");
const daemonSetTypes = inGroup("DaemonSet", "apps/v1", "apps/v1beta2", "extensions/v1beta1");
export const replicaSetTypes = inGroup("ReplicaSet", "apps/v1", "apps/v1beta2", "extensions/v1beta1");
const replicationControllerTypes = inGroup("ReplicationController", "core/v1");
export const jobTypes = [...inGroup("Job", "batch/v1"), ...inGroup("CronJob", "batch/v1", "batch/v1beta1")];

/** Workloads whose pods run until they are told to stop. */
export const serverTypes = [...deploymentTypes, ...statefulSetTypes, ...daemonSetTypes, ...replicaSetTypes, ...replicationControllerTypes];
/** Everything that makes pods. */
export const workloadTypes = [...serverTypes, ...jobTypes, ...podTypes];
/**
 * Patches of these. What a patch leaves out is set by whoever made the object: only policies that find what is written
 * down, and nothing that is missing, look at them.
 */
export const workloadPatchTypes = workloadTypes.map((type) => `${type}Patch`);

/** The kind of an object; of a patch that of what it patches. */
export const kindOf = (type: string): string => type.slice(type.lastIndexOf(":") + 1).replace(/(.)Patch$/, "$1");

/** The group of a kind, `apps` of `kubernetes:apps/v1:Deployment`. */
export const groupOf = (type: string): string => type.split(":")[1]?.split("/")[0] ?? "";

/** Path of what is a pod, or is made into one: "" of a Pod. */
function template(type: string): string {
  const kind = kindOf(type);
  if (kind === "Pod") return "";
  return kind === "CronJob" ? "spec.jobTemplate.spec.template." : "spec.template.";
}

export interface Pod {
  /** Path of the specification: `spec.template.spec`. */
  readonly path: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

export function podOf({ type, inputs }: Resource): Pod {
  const path = `${template(type)}spec`;
  return { path, spec: record(below(inputs, path)) };
}

export const podLabels = ({ type, inputs }: Resource): Readonly<Record<string, unknown>> => record(below(inputs, `${template(type)}metadata.labels`));

/** Labels and annotations of the pods, with the path of each. */
export const podMetadata = ({ type, inputs }: Resource): readonly (readonly [path: string, entries: Readonly<Record<string, unknown>>])[] =>
  ["labels", "annotations"].map((field) => [`${template(type)}metadata.${field}`, record(below(inputs, `${template(type)}metadata.${field}`))]);

export interface Container {
  readonly kind: "main" | "init" | "ephemeral";
  /** `spec.template.spec.containers[0]`. */
  readonly path: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

const containerLists = { main: "containers", init: "initContainers", ephemeral: "ephemeralContainers" } as const;

/** All containers; those that the pod is for come first. */
export function* containersOf(resource: Resource): Generator<Container> {
  const { path, spec } = podOf(resource);
  for (const kind of ["main", "init", "ephemeral"] as const) {
    const field = containerLists[kind];
    for (const [index, container] of records(spec[field])) yield { kind, path: `${path}.${field}[${index}]`, spec: container };
  }
}

/**
 * A field of the security contexts wherever it holds: at each container that sets it, and once at the pod for all
 * containers that do not.
 */
export function* securityOf(resource: Resource, field: string): Generator<{ readonly path: string; readonly value: unknown }> {
  const { path, spec } = podOf(resource);
  let inherited = false;
  for (const container of containersOf(resource)) {
    const value = record(container.spec.securityContext)[field];
    if (value === undefined || value === null) inherited = true;
    else yield { path: `${container.path}.securityContext.${field}`, value };
  }
  if (inherited) yield { path: `${path}.securityContext.${field}`, value: record(spec.securityContext)[field] };
}

/** Pods of Windows have no user ids, capabilities or seccomp: the API refuses them there. */
export const isWindows = (resource: Resource): boolean => below(podOf(resource).spec, "os.name") === "windows";
