import type { Command } from "commander";
import { environment, examples, isolation, json } from "./options.ts";

export const status = (program: Command) =>
  program
    .command("status")
    .helpGroup("Look:")
    .description("compare what runs with the plan; changes nothing. Ends with 1 unless everything runs as planned")
    .addArgument(environment())
    .addOption(json("every part with its state, and what differs,"))
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(["groundplan status", "what runs of dev, and what is not as planned"], ["groundplan status staging --json", "for a program"]),
    )
    .action(async (env: string, options: { json?: boolean }) => (await import("../commands/status.ts")).status(env, options));
