import type { Command } from "commander";
import { examples } from "./options.ts";

export const init = (program: Command) =>
  program
    .command("init")
    .helpGroup("Project:")
    .description("write a new project that uses the package: a topology, three environments, policies and a workflow")
    .argument("[folder]", "where to; new or empty", ".")
    .option("--name <name>", "name of the project (default: that of the folder)")
    .addHelpText("after", examples(["groundplan init shop", "in a new folder"], ["groundplan init . --name shop", "in this one"]))
    .action(async (folder: string, options: { name?: string }) => (await import("../commands/init.ts")).init(folder, options));
