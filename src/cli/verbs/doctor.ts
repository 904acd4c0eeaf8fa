import type { Command } from "commander";
import { environment, examples, isolation, json } from "./options.ts";

export const doctor = (program: Command) =>
  program
    .command("doctor")
    .helpGroup("Look:")
    .description("check what this machine needs for an environment, with a fix for each problem; changes nothing")
    .addArgument(environment())
    .addOption(json("the checks"))
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(
        ["groundplan doctor", "before the first up, or when one fails"],
        ["groundplan doctor prod --json", "for a script: code 1 with problems"],
      ),
    )
    .action(async (env: string, options: { json?: boolean }) => (await import("../commands/doctor.ts")).doctor(env, options));
