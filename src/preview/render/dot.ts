import type { Graph, GraphEdge, GraphNode } from "../graph.ts";
import { drawnEnds, edgeLabel, isDashed, nodeLines, shortIds } from "./graph-text.ts";

/** Readable on a white page and on a black one: light boxes with dark text, and a grey between both for lines. */
const colours = {
  component: { fill: "#e8f0fe", line: "#3b6fd4" },
  data: { fill: "#e6f4ea", line: "#2e7d46" },
  gate: { fill: "#fef3d6", line: "#b07d10" },
  outside: { fill: "#f1f1f1", line: "#7a7f87" },
  text: "#1b1f24",
  edge: "#7a828e",
} as const;

/** The graph in the language of Graphviz. */
export function renderDot(graph: Graph): string {
  const ids = shortIds(graph);
  const font = `fontname="Helvetica,Arial,sans-serif"`;
  return [
    `digraph ${text([`${graph.project} ${graph.stack}`])} {`,
    `  graph [rankdir=LR, bgcolor="transparent", nodesep=0.35, ranksep=1.0, ${font}]`,
    `  node [shape=box, style="filled,rounded", margin="0.32,0.12", fontsize=12, fontcolor="${colours.text}", ${font}]`,
    `  edge [color="${colours.edge}", fontcolor="${colours.edge}", fontsize=10, arrowsize=0.7, ${font}]`,
    ...graph.nodes.map((node) => `  ${ids.get(node.id)} [${nodeAttributes(node)}]`),
    ...graph.edges.map(
      (edge) =>
        `  ${drawnEnds(edge)
          .map((id) => ids.get(id))
          .join(" -> ")} [${edgeAttributes(edge)}]`,
    ),
    "}",
  ].join("\n");
}

function nodeAttributes(node: GraphNode): string {
  const { fill, line } = colours[node.type === "component" && node.data ? "data" : node.type];
  const shape = node.type === "gate" ? ', shape=hexagon, style="filled"' : node.data ? ', shape=cylinder, style="filled"' : "";
  return `label=${text(nodeLines(node))}, fillcolor="${fill}", color="${line}"${shape}`;
}

function edgeAttributes(edge: GraphEdge): string {
  const label = edgeLabel(edge);
  return [`label=${text([label])}`, ...(isDashed(edge) ? ["style=dashed"] : []), ...(edge.type === "gate" ? ["arrowhead=none"] : [])].join(", ");
}

const text = (lines: readonly string[]) =>
  `"${lines.map((line) => line.replace(/[\\"]/g, (sign) => `\\${sign}`).replace(/[\r\n]+/g, " ")).join("\\n")}"`;
