import type { Command } from "commander";
import { environment, examples, isolation, json } from "./options.ts";

export const config = (program: Command) =>
  program
    .command("config")
    .helpGroup("Plan:")
    .description("show the settings of an environment and where each came from")
    .addArgument(environment())
    .addOption(json("the settings with their origins"))
    .addOption(isolation())
    .addHelpText("after", examples(["groundplan config staging", "every setting with its origin"]))
    .action(async (env: string, options: { json?: boolean }) => (await import("../commands/config.ts")).config(env, options));
