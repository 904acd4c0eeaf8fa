import type { Command } from "commander";
import { environment, examples, isolation, json } from "./options.ts";

export const preview = (program: Command) =>
  program
    .command("preview")
    .helpGroup("Plan:")
    .description("show what would be deployed; changes nothing and needs no network")
    .addArgument(environment())
    .addOption(json("the whole plan, credentials masked,"))
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(["groundplan preview staging", "what up would make"], ["groundplan preview --json > plan.json", "the plan of dev in a file"]),
    )
    .action(async (env: string, options: { json?: boolean }) => (await import("../commands/preview.ts")).preview(env, options));
