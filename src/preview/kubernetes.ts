import { labelKeys } from "../core/labels.ts";
import { componentsOf, type Plan, type PlanResource } from "./plan.ts";
import type { PodSpec } from "./pod.ts";

/** What every Kubernetes object says of itself. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** An object of a plan for Kubernetes. */
export interface PlanObject {
  readonly resource: PlanResource;
  readonly manifest: Manifest;
  readonly kind: string;
  readonly name: string;
  /** Empty for an object of the cluster, such as a namespace. */
  readonly namespace: string;
  /** Component that made it; empty when it belongs to the stack as a whole. */
  readonly component: string;
  readonly role: string;
}

/** Charts are of the same provider, and no objects. */
const objectType = /^kubernetes:(?!helm\.sh\/)([^:]+):(\w+)$/;
const chartType = /^kubernetes:helm\.sh\/v\d+:(Release|Chart)$/;

/** Every object of the plan, each after what it depends on: the order in which it may be applied. */
export function objectsOf(plan: Plan): PlanObject[] {
  const components = new Set(componentsOf(plan).map(({ urn }) => urn));
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const componentOf = (resource: PlanResource | undefined): string => {
    if (!resource) return "";
    return components.has(resource.urn) ? resource.name : componentOf(byUrn.get(resource.parent ?? ""));
  };
  return inOrder(plan.resources.filter(({ type }) => objectType.test(type))).map((resource) => {
    const manifest = resource.inputs as unknown as Manifest;
    const { name, namespace = "", labels = {} } = manifest.metadata;
    return {
      resource,
      manifest,
      kind: manifest.kind,
      name,
      namespace,
      component: componentOf(resource),
      role: labels[labelKeys.role] ?? "",
    };
  });
}

/** A chart that is installed before everything else. */
export interface PlanChart {
  readonly resource: PlanResource;
  /** Rendered and applied, without a release that remembers it. */
  readonly rendered: boolean;
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Charts of the plan, each after those that it needs. */
export const chartsOf = (plan: Plan): PlanChart[] =>
  inOrder(plan.resources.filter(({ type }) => chartType.test(type))).map((resource) => {
    const { name, chart, version, namespace, values = {} } = resource.inputs as unknown as Omit<PlanChart, "resource" | "rendered">;
    return { resource, rendered: resource.type.endsWith(":Chart"), name, chart, version, namespace, values };
  });

/** Namespaces first, then each resource after those that it depends on; what does not depend on another stays in the order of the plan. */
function inOrder(resources: readonly PlanResource[]): PlanResource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ordered = new Set<PlanResource>();
  const place = (resource: PlanResource, above: readonly PlanResource[] = []) => {
    if (ordered.has(resource) || above.includes(resource)) return;
    for (const urn of resource.dependencies) {
      const other = byUrn.get(urn);
      if (other) place(other, [...above, resource]);
    }
    ordered.add(resource);
  };
  for (const resource of resources) if (resource.type.endsWith(":Namespace")) place(resource);
  for (const resource of resources) place(resource);
  return [...ordered];
}

/** An object that makes pods, with what it makes them from. */
export interface PodMaker extends PlanObject {
  readonly pod: PodSpec;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly podAnnotations?: Readonly<Record<string, string>> | undefined;
  readonly replicas: number;
}

const serving = ["Deployment", "StatefulSet", "DaemonSet"];

export function podMakersOf(plan: Plan): PodMaker[] {
  return objectsOf(plan).flatMap((object): PodMaker[] => {
    const spec = (object.manifest.spec ?? {}) as {
      readonly template?: Template;
      readonly jobTemplate?: { readonly spec: { readonly template: Template } };
      readonly replicas?: number;
    };
    const template = spec.jobTemplate?.spec.template ?? spec.template;
    if (!template || !(serving.includes(object.kind) || ["Job", "CronJob"].includes(object.kind))) return [];
    return [
      {
        ...object,
        pod: template.spec,
        podLabels: template.metadata?.labels ?? {},
        podAnnotations: template.metadata?.annotations,
        replicas: spec.replicas ?? 1,
      },
    ];
  });
}

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

/** Workloads that run until they are taken down. */
export const serversOf = (plan: Plan): PodMaker[] => podMakersOf(plan).filter(({ kind }) => serving.includes(kind));
/** Steps that run at `up`. */
export const jobsOf = (plan: Plan): PodMaker[] => podMakersOf(plan).filter(({ kind }) => kind === "Job");
/** Suspended steps that `verify` runs. */
export const checksOf = (plan: Plan): PodMaker[] => podMakersOf(plan).filter(({ kind }) => kind === "CronJob");

/** The namespace of the stack: the one that its pods are in. Others may be made beside it, for what it installs. */
export function namespaceOf(plan: Plan): string {
  const objects = objectsOf(plan);
  const first = (kinds: readonly string[]) => objects.find(({ kind, namespace }) => kinds.includes(kind) && namespace)?.namespace;
  return first([...serving, "Job", "CronJob"]) ?? first(["NetworkPolicy"]) ?? objects.find(({ kind }) => kind === "Namespace")?.name ?? "default";
}

/** Whether its pods are in a mesh: then each connection is made by a proxy, and let in by who makes it. */
export const inMesh = (plan: Plan): boolean => objectsOf(plan).some(({ kind }) => kind === "PeerAuthentication");

export interface PortOfService {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

export interface ServiceSpec {
  readonly clusterIP?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly PortOfService[];
}

/** Services with the pods that they lead to. */
export const servicesOf = (plan: Plan): (PlanObject & { readonly spec: ServiceSpec })[] =>
  objectsOf(plan)
    .filter(({ kind }) => kind === "Service")
    .map((object) => ({ ...object, spec: (object.manifest.spec ?? {}) as ServiceSpec }));

export const selects = (selector: Readonly<Record<string, string>> | undefined, labels: Readonly<Record<string, string>>): boolean =>
  selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
