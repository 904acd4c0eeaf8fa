import { type Command, Option } from "commander";
import type { ConnectionsOptions } from "../commands/connections.ts";
import { environment, examples, isolation, json } from "./options.ts";

export const connections = (program: Command) =>
  program
    .command("connections")
    .helpGroup("Look:")
    .description("show how each component is reached, from inside the stack and from this machine")
    .addArgument(environment())
    .addOption(
      new Option("--format <format>", "form of the answer (default: env with --for or --output, else table)").choices(["table", "env", "json"]),
    )
    .addOption(json("the same as --format json: every connection"))
    .option("--for <service>", "the environment variables that the bindings of a service give it, to run it on this machine")
    .option("--show-secrets", "passwords too; without it they are [hidden], and left empty among the variables")
    .option("--output <file>", "write it to a file that only you can read, e.g. .env.local")
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(
        ["groundplan connections", "every connection of dev"],
        ["groundplan connections --for api --show-secrets --output .env.local", "run api on this machine: node --env-file=.env.local ..."],
        ["groundplan connections staging --json", "for a program"],
      ),
    )
    .action(async (env: string, options: ConnectionsOptions) => (await import("../commands/connections.ts")).connections(env, options));
