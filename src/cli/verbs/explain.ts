import type { Command } from "commander";
import { examples, json } from "./options.ts";

export const explain = (program: Command) =>
  program
    .command("explain")
    .helpGroup("Look:")
    .description("say what an error means, what it comes from and what to do; without a code list all")
    .argument("[code]", "code of the error, the last line of its message")
    .addOption(json("the catalogue, or one error of it,"))
    .addHelpText("after", examples(["groundplan explain GP101", "why no daemon answers"], ["groundplan explain", "all errors by code"]))
    .action(async (code: string | undefined, options: { json?: boolean }) => (await import("../commands/explain.ts")).explain(code, options));
