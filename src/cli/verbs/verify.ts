import type { Command } from "commander";
import type { VerifyOptions } from "../commands/verify.ts";
import { environment, examples, isolation, json } from "./options.ts";

export const verify = (program: Command) =>
  program
    .command("verify")
    .helpGroup("Look:")
    .description("check every system by its own protocol, and who reaches whom")
    .addArgument(environment())
    .option("--folder <folder>", "check a rendered folder that was started with docker compose")
    .addOption(json("checks and paths"))
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(["groundplan verify", "everything that runs in dev"], ["groundplan verify dev --folder build/dev", "what a rendered folder started"]),
    )
    .action(async (env: string, options: VerifyOptions) => (await import("../commands/verify.ts")).verify(env, options));
