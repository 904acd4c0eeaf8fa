import { chartsOf } from "./kubernetes.ts";
import { componentsOf, type Plan, type PlanResource } from "./plan.ts";

export interface TreeLine {
  readonly depth: number;
  readonly kind: string;
  readonly name: string;
  readonly note: string;
}

/** What is installed first, then components with what they are made of, in the order of the topology's bindings: servers before clients. */
export function treeOf(plan: Plan): TreeLine[] {
  const charts = chartsOf(plan).map(({ name, chart, version, resource }) => ({
    depth: 0,
    kind: shortType(resource.type),
    name,
    note: [`${chart.split("/").at(-1)} ${version}`, resource.retainOnDelete ? "stays in the cluster" : ""].filter(Boolean).join(", "),
  }));
  const components = inBindingOrder(componentsOf(plan)).flatMap((component) => [
    { depth: 0, kind: String(component.outputs.kind), name: component.name, note: noteOf(component) },
    ...plan.resources
      .filter((resource) => resource.parent === component.urn)
      .map((child) => ({ depth: 1, kind: shortType(child.type), name: child.name, note: child.protect ? "protected" : "" })),
  ]);
  return [...charts, ...components];
}

const shortType = (type: string) => type.split(":").at(-1) ?? type;

function noteOf({ outputs }: PlanResource): string {
  const bindings = Object.entries((outputs.bindings ?? {}) as Record<string, string>).map(([key, to]) => `${key} -> ${to}`);
  const replicas = Number(outputs.replicas);
  const egress = (outputs.egress ?? []) as string[];
  const elsewhere = outputs.existing === undefined ? "" : `runs elsewhere, at ${String(outputs.existing)}`;
  return [elsewhere, replicas > 1 ? `${replicas} replicas` : "", ...bindings, ...egress.map((to) => `out to ${to}`)].filter(Boolean).join(", ");
}

/** Components by what they are bound to, then by name: servers before clients. */
export function inBindingOrder(components: readonly PlanResource[]): PlanResource[] {
  const depth = (component: PlanResource, seen: readonly string[] = []): number => {
    if (seen.includes(component.name)) return 0;
    const systems = Object.values((component.outputs.bindings ?? {}) as Record<string, string>).map((to) => to.split(":")[0]);
    const bound = components.filter((other) => systems.includes(other.name));
    return bound.length === 0 ? 0 : 1 + Math.max(...bound.map((other) => depth(other, [...seen, component.name])));
  };
  return components.toSorted((a, b) => depth(a) - depth(b) || a.name.localeCompare(b.name));
}
