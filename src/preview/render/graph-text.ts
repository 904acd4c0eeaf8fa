import type { Graph, GraphEdge, GraphNode } from "../graph.ts";

/** Lines of a node, the first of them its name. */
export function nodeLines({ type, name, kind, replicas, published }: GraphNode): string[] {
  if (type !== "component") return [name];
  return [name, replicas > 1 ? `${kind}, ${replicas} replicas` : kind, ...published];
}

/** `postgres 5432`; names of bindings are in the JSON form, where there is room for them. */
export function edgeLabel({ type, protocol, port }: GraphEdge): string {
  if (type === "gate") return "gate";
  return type === "egress" ? "" : `${protocol} ${port}`;
}

/** Short names of nodes for languages of graphs, whose words are reserved: `n0`, `n1` ... */
export const shortIds = ({ nodes }: Graph): ReadonlyMap<string, string> => new Map(nodes.map(({ id }, index) => [id, `n${index}`]));

/** Left to right: a step stands behind the component that it is a part of. */
export const drawnEnds = ({ type, from, to }: GraphEdge): readonly [string, string] => (type === "gate" ? [to, from] : [from, to]);

/** Edges that are dashed: what is no way of a request. */
export const isDashed = ({ type }: GraphEdge): boolean => type !== "binding";
