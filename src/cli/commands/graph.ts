import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { focusedOn, type Graph, graphOf } from "../../preview/graph.ts";
import { renderDot } from "../../preview/render/dot.ts";
import { renderMermaid } from "../../preview/render/mermaid.ts";
import { renderSvg } from "../../preview/render/svg.ts";
import { notOneOf } from "../components.ts";
import { couldNotRun } from "../exit.ts";
import { openProject } from "../project.ts";
import { readSavedPlan } from "../saved-plan.ts";
import { systemReason } from "../system-reason.ts";
import type { GraphFormat } from "../verbs/graph.ts";

export interface GraphOptions {
  readonly format: GraphFormat;
  readonly json?: boolean;
  readonly output?: string;
  readonly plan?: string;
  readonly component?: string;
}

/** Draws the plan of an environment, or a saved one. */
export async function graph(env: string, options: GraphOptions): Promise<void> {
  const whole = graphOf(options.plan === undefined ? await recorded(env) : readSavedPlan(options.plan));
  const drawn = await forms[options.json ? "json" : options.format](options.component === undefined ? whole : focus(whole, options.component));
  if (options.output === undefined) process.stdout.write(drawn);
  else write(options.output, drawn);
}

/** Only what runs the program loads the SDK. */
const recorded = async (env: string) => (await import("../plan.ts")).planOf(openProject(env));

const forms: Readonly<Record<GraphFormat, (graph: Graph) => string | Promise<string>>> = {
  mermaid: (one) => `${renderMermaid(one)}\n`,
  dot: (one) => `${renderDot(one)}\n`,
  svg: renderSvg,
  json: (one) => `${JSON.stringify(one, null, 2)}\n`,
};

function focus(whole: Graph, component: string): Graph {
  const names = whole.nodes.flatMap(({ type, name }) => (type === "component" ? [name] : []));
  if (names.includes(component)) return focusedOn(whole, component);
  throw notOneOf("component", component, names, `a component of ${whole.stack}`);
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw couldNotRun("GP503", `${file} could not be written: ${systemReason(error)}`);
  }
}
