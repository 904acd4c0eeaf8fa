import type { Command } from "commander";
import { examples, json, timings } from "./options.ts";

export const start = (program: Command) =>
  program
    .command("start")
    .helpGroup("Run:")
    .description("bring up dev where a Docker daemon answers, else preview it")
    .addOption(timings())
    .addOption(json("the endpoints"))
    .addHelpText(
      "after",
      examples(["groundplan start", "the first command in a new clone"], ["groundplan start --timings", "and what took how long"]),
    )
    .action(async (options: { timings?: boolean; json?: boolean }) => (await import("../commands/start.ts")).start(options));
