import type { Command } from "commander";
import { environment, examples, isolation } from "./options.ts";

export const env = (program: Command) =>
  program
    .command("env")
    .helpGroup("Keep:")
    .description("print the exports with which bare pulumi uses the same state")
    .addArgument(environment())
    .addOption(isolation())
    .addHelpText("after", examples(['eval "$(groundplan env dev)"', "then pulumi up -s dev in the same shell"]))
    .action(async (name: string) => (await import("../commands/env.ts")).env(name));
