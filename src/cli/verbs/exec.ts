import type { Command } from "commander";
import type { ExecOptions } from "../commands/exec.ts";
import { component, examples, isolation, ofEnvironment, part } from "./options.ts";

export const exec = (program: Command) =>
  program
    .command("exec")
    .helpGroup("Look:")
    .description(
      "run a command in the main container of a component, and end with its exit code; without a command, the client of a database or cache",
    )
    .addArgument(component())
    .argument("[command...]", "after --, as it is: no shell reads it")
    .addOption(ofEnvironment())
    .addOption(part())
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(
        ["groundplan exec db", "psql, logged in as the service is"],
        ["groundplan exec api --env staging -- sh", "a shell, where the image has one"],
        ["groundplan exec db -- pg_dump -U postgres app > app.sql", "what it prints, to a file"],
      ),
    )
    .action(async (name: string, command: readonly string[], options: ExecOptions) =>
      (await import("../commands/exec.ts")).exec(name, command, options),
    );
