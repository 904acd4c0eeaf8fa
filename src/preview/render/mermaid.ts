import type { Graph, GraphNode } from "../graph.ts";
import { drawnEnds, edgeLabel, isDashed, nodeLines, shortIds } from "./graph-text.ts";

/** The graph as a flowchart of Mermaid, which GitHub draws in Markdown. Colours are left to the theme of the page. */
export function renderMermaid(graph: Graph): string {
  const ids = shortIds(graph);
  const nodes = graph.nodes.map((node) => `  ${ids.get(node.id)}${shaped(node)}`);
  const edges = graph.edges.map((edge) => {
    const label = edgeLabel(edge);
    const [from, to] = drawnEnds(edge).map((id) => ids.get(id));
    const line = edge.type === "gate" ? "-.-" : isDashed(edge) ? "-.->" : "-->";
    return `  ${from} ${line}${label ? `|${quoted([label])}|` : ""} ${to}`;
  });
  return ["flowchart LR", ...nodes, ...edges].join("\n");
}

/** A cylinder for data, a hexagon for a step, rounded ends for what is outside. */
function shaped(node: GraphNode): string {
  const text = quoted(nodeLines(node));
  if (node.type === "gate") return `{{${text}}}`;
  if (node.type === "outside") return `([${text}])`;
  return node.data ? `[(${text})]` : `[${text}]`;
}

/** In quotes nothing is syntax but the quote, the entities of Mermaid and HTML; an address would become a link. */
const quoted = (lines: readonly string[]) => `"${lines.map(escaped).join("<br/>")}"`;

const escaped = (text: string) =>
  text
    .replaceAll("#", "#35;")
    .replace(/["<>&`]/g, (sign) => `#${sign.charCodeAt(0)};`)
    .replace(/[\r\n]+/g, " ");
