import type { ConnectionSummary } from "../core/connection.ts";
import { componentsOf, type Plan, type PlanResource } from "./plan.ts";
import { readinessOf } from "./readiness.ts";
import { stepDeclared } from "./readiness-row.ts";
import { inBindingOrder } from "./tree.ts";

/** Version of the graph's JSON form; raised when a reader of an older one would misread it. */
const graphVersion = 1;

export interface GraphNode {
  readonly id: string;
  /** A component, a step that others wait for, or an address outside the stack. */
  readonly type: "component" | "gate" | "outside";
  readonly name: string;
  /** Class of a component; empty for what is none. */
  readonly kind: string;
  readonly replicas: number;
  /** Holds data that outlives it. */
  readonly data: boolean;
  /** Addresses on the developer's machine, or names of ports that are reached from outside. */
  readonly published: readonly string[];
}

export interface GraphEdge {
  /** Ids of nodes: who connects, and where to; of a gate the component that it prepares. */
  readonly from: string;
  readonly to: string;
  /** `binding`: it may connect; `observes`: the same, to watch; `egress`: it may go out; `gate`: a step of the component. */
  readonly type: "binding" | "observes" | "egress" | "gate";
  /** Names of the bindings. */
  readonly names: readonly string[];
  readonly port?: number;
  /** Scheme of the connection, or `tcp` where it has none. */
  readonly protocol?: string;
}

/** Who may talk to whom. Built from names, ports and addresses alone, so no secret can be in it. */
export interface Graph {
  readonly version: typeof graphVersion;
  readonly project: string;
  readonly stack: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The parts of a plan that a graph is made of: a saved one has them, too. */
export type GraphedPlan = Pick<Plan, "project" | "stack" | "resources">;

export function graphOf(plan: GraphedPlan): Graph {
  const components = inBindingOrder(componentsOf(plan as Plan));
  const systemOf = systemsOf(components);
  const edges = components.flatMap((component) => [...bindingEdges(component, components, systemOf), ...egressEdges(component)]);
  const gates = readinessOf(plan as Plan).filter(({ declared }) => declared === stepDeclared);
  const gateEdges = gates.flatMap(({ workload }): GraphEdge[] => {
    const owner = ownerOf(workload, components);
    return owner ? [{ from: `gate:${workload}`, to: owner.name, type: "gate", names: [] }] : [];
  });
  const known = new Set(components.map(({ name }) => name));
  const outside = [...new Set(edges.map(({ to }) => to).filter((to) => !known.has(to)))].toSorted();
  return {
    version: graphVersion,
    project: plan.project,
    stack: plan.stack,
    nodes: [
      ...components.map(componentNode),
      ...gateEdges.map(({ from }) => plainNode(from, "gate", from.slice("gate:".length))),
      ...outside.map((id) => plainNode(id, "outside", id.slice(id.indexOf(":") + 1))),
    ],
    edges: [...edges, ...gateEdges],
  };
}

/** A component with everything that an edge joins to it. */
export function focusedOn(graph: Graph, component: string): Graph {
  const edges = graph.edges.filter(({ from, to }) => from === component || to === component);
  const ids = new Set([component, ...edges.flatMap(({ from, to }) => [from, to])]);
  return { ...graph, nodes: graph.nodes.filter(({ id }) => ids.has(id)), edges };
}

type Connections = Readonly<Record<string, ConnectionSummary & { readonly workload?: string }>>;
const connectionsOf = ({ outputs }: PlanResource) => Object.values((outputs.connections ?? {}) as Connections);
const reachesOf = ({ outputs }: PlanResource) => (outputs.reaches ?? {}) as Readonly<Record<string, readonly string[]>>;

/** A binding names a workload: which component that is of. */
function systemsOf(components: readonly PlanResource[]): ReadonlyMap<string, string> {
  return new Map(
    components.flatMap((component) => {
      const workloads = [component.name, ...Object.keys(reachesOf(component)), ...connectionsOf(component).flatMap(({ workload }) => workload ?? [])];
      return workloads.map((workload) => [workload, component.name] as const);
    }),
  );
}

/** What is bound by name, and what workloads reach beside that: one edge for each port of a component. */
function bindingEdges(component: PlanResource, all: readonly PlanResource[], systemOf: ReadonlyMap<string, string>): GraphEdge[] {
  const named = Object.entries((component.outputs.bindings ?? {}) as Readonly<Record<string, string>>);
  const reached = Object.values(reachesOf(component)).flatMap((targets) => targets.map((target) => ["", target] as const));
  const edges = new Map<string, GraphEdge>();
  for (const [name, target] of [...named, ...reached]) {
    const [workload = "", port = ""] = split(target);
    const to = systemOf.get(workload) ?? `outside:${target}`;
    if (to === component.name) continue;
    const before = edges.get(`${to}:${port}`);
    const server = all.find((other) => other.name === to);
    const protocol = (server && connectionsOf(server).find((connection) => connection.port === Number(port))?.scheme) ?? "tcp";
    edges.set(`${to}:${port}`, {
      from: component.name,
      to,
      type: component.outputs.kind === "ObservabilityStack" ? "observes" : "binding",
      names: [...new Set([...(before?.names ?? []), ...(name ? [name] : [])])],
      port: Number(port),
      protocol,
    });
  }
  return [...edges.values()];
}

const split = (target: string) => [target.slice(0, target.lastIndexOf(":")), target.slice(target.lastIndexOf(":") + 1)];

const egressEdges = ({ name, outputs }: PlanResource): GraphEdge[] =>
  ((outputs.egress ?? []) as readonly string[]).map((to) => ({
    from: name,
    to: `outside:${to}`,
    type: "egress",
    names: [],
    port: Number(split(to)[1]),
    protocol: "tcp",
  }));

/** Parts are called after their component: `db-databases` is of `db`, unless there is a `db-databases`. */
const ownerOf = (part: string, components: readonly PlanResource[]): PlanResource | undefined =>
  components.filter(({ name }) => part === name || part.startsWith(`${name}-`)).toSorted((a, b) => b.name.length - a.name.length)[0];

function componentNode(component: PlanResource): GraphNode {
  const { name, outputs } = component;
  const addresses = connectionsOf(component).flatMap(({ scheme, external }) => (external ? [`${scheme}://${external}`] : []));
  const published = addresses.length > 0 ? addresses : ((outputs.published ?? []) as readonly string[]);
  return {
    id: name,
    type: "component",
    name,
    kind: String(outputs.kind),
    replicas: Number(outputs.replicas ?? 1),
    data: Number(outputs.storageGiB ?? 0) > 0,
    published: [...new Set(published)],
  };
}

const plainNode = (id: string, type: GraphNode["type"], name: string): GraphNode => ({
  id,
  type,
  name,
  kind: "",
  replicas: 1,
  data: false,
  published: [],
});
