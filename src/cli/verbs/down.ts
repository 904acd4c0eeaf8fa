import type { Command } from "commander";
import type { DownOptions } from "../commands/down.ts";
import { engine, environment, examples, isolation } from "./options.ts";

export const down = (program: Command) =>
  program
    .command("down")
    .helpGroup("Run:")
    .description("take everything down but data and the credentials that open it; --volumes deletes these too")
    .addArgument(environment())
    .option("--volumes", "delete data and credentials too")
    .option("--yes", "delete data of staging and prod without asking")
    .addOption(engine())
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(["groundplan down", "the next up finds its data again"], ["groundplan down dev --volumes", "nothing of dev is left"]),
    )
    .action(async (env: string, options: DownOptions) => (await import("../commands/down.ts")).down(env, options));
