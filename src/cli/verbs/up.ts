import type { Command } from "commander";
import type { UpOptions } from "../commands/up.ts";
import { engine, environment, examples, isolation, json, timings } from "./options.ts";

export const up = (program: Command) =>
  program
    .command("up")
    .helpGroup("Run:")
    .description("deploy, wait until everything is ready, and show the endpoints")
    .addArgument(environment())
    .addOption(engine())
    .addOption(isolation())
    .option("--refresh", "look first at what is really there (engine pulumi)")
    .addOption(timings())
    .addOption(json("the endpoints"))
    .addHelpText("after", examples(["groundplan up", "dev on this machine"], ["groundplan up dev --isolation review", "a second copy beside it"]))
    .action(async (env: string, options: UpOptions) => (await import("../commands/up.ts")).up(env, options));
