import type { Command } from "commander";
import type { RotateOptions } from "../commands/rotate.ts";
import { component, examples, isolation, json, namedEnvironment } from "./options.ts";

export const rotate = (program: Command) =>
  program
    .command("rotate")
    .helpGroup("Keep:")
    .description("give the credentials of a component new values, and roll whoever uses them; data is kept")
    .addArgument(component())
    .addOption(namedEnvironment())
    .option("--only <credential>", "one of several, e.g. app")
    .option("--dry-run", "show what would happen, and change nothing")
    .option("--yes", "interrupt clients of staging and prod without asking")
    .addOption(isolation())
    .addOption(json("what changes, and what was checked,"))
    .addHelpText(
      "after",
      examples(
        ["groundplan rotate db --env dev --dry-run", "who would restart, and for how long"],
        ["groundplan rotate db --env prod --only app --yes", "one of its passwords"],
      ),
    )
    .action(async (name: string, { env, ...options }: RotateOptions & { env: string }) =>
      (await import("../commands/rotate.ts")).rotate(env, name, options),
    );
