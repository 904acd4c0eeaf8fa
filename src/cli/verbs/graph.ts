import { type Command, Option } from "commander";
import type { GraphOptions } from "../commands/graph.ts";
import { environment, examples, isolation, json } from "./options.ts";

/** Forms of the graph. */
const graphFormats = ["mermaid", "svg", "dot", "json"] as const;
export type GraphFormat = (typeof graphFormats)[number];

export const graph = (program: Command) =>
  program
    .command("graph")
    .helpGroup("Plan:")
    .description("draw who may talk to whom, what is published, and what goes outside")
    .addArgument(environment())
    .addOption(new Option("--format <format>", "form of the graph").choices(graphFormats).default("mermaid"))
    .addOption(json("the same as --format json: the graph"))
    .option("--output <file>", "where to (default: printed)")
    .option("--plan <file>", "of a plan that preview --json wrote, instead of running the program; - reads it from the input")
    .option("--component <component>", "this component and what is joined to it")
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(
        ["groundplan graph staging", "for a Markdown file, which GitHub draws"],
        ["groundplan graph --format svg --output dev.svg", "a picture of dev"],
        ["groundplan graph --plan plan.json --component api", "around one service"],
      ),
    )
    .action(async (env: string, options: GraphOptions) => (await import("../commands/graph.ts")).graph(env, options));
