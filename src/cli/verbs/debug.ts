import type { Command } from "commander";
import { environment, examples, isolation, json } from "./options.ts";

export const debug = (program: Command) =>
  program
    .command("debug")
    .helpGroup("Look:")
    .description("write a bundle for an issue report: versions, checks, settings, plan, states and logs, without secrets")
    .addArgument(environment())
    .option("--output <file>", "where to (default: .groundplan/debug, with the time in its name)")
    .addOption(json("where the bundle is and what is in it"))
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(["groundplan debug", "of dev; nothing is sent"], ["groundplan debug staging --output report.tar.gz", "in a file of your choice"]),
    )
    .action(async (env: string, options: { output?: string; json?: boolean }) => (await import("../commands/debug.ts")).debug(env, options));
