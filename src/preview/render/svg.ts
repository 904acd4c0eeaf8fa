import type { Graph } from "../graph.ts";
import { renderDot } from "./dot.ts";

/** The graph drawn by Graphviz, which is loaded for it: nothing else of the command needs it. */
export async function renderSvg(graph: Graph): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const drawn = (await instance()).renderString(renderDot(graph), { format: "svg" });
  // An image in a page needs no document type, and none of the generator's remarks.
  return `${drawn
    .slice(drawn.indexOf("<svg"))
    .replaceAll(/<!--[\s\S]*?-->\n?/g, "")
    .trim()}\n`;
}
