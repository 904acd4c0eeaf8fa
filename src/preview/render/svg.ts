import type { Graph } from "../graph.ts";
import { renderDot } from "./dot.ts";

/** The graph drawn by Graphviz, which is loaded for it: nothing else of the command needs it. */
export async function renderSvg(graph: Graph): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const drawn = (await instance()).renderString(renderDot(graph), { format: "svg" });
  // An image in a page needs no document type, and none of the generator's remarks.
  const image = drawn.slice(drawn.indexOf("<svg")).replaceAll(/<!--[\s\S]*?-->\n?/g, "");
  return `${withTitle(image.trim(), `${graph.project} ${graph.stack}: who may talk to whom`)}\n`;
}

/** Whoever does not see the image is told what it is. */
const withTitle = (image: string, title: string) =>
  image.replace(/^<svg([^>]*)>/, (_, attributes: string) => `<svg role="img"${attributes}>\n<title>${asText(title)}</title>`);

const asText = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
