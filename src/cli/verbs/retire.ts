import type { Command } from "commander";
import { component, examples, isolation, json, namedEnvironment } from "./options.ts";

export const retire = (program: Command) =>
  program
    .command("retire")
    .helpGroup("Keep:")
    .description("print the two steps that take a component out with its data; changes nothing and needs no network")
    .addArgument(component())
    .addOption(namedEnvironment())
    .addOption(json("what is protected, what stays and who is bound to it"))
    .addOption(isolation())
    .addHelpText("after", examples(["groundplan retire db --env prod", "what is lost, what stays, and how"]))
    .action(async (name: string, { env, ...options }: { env: string; json?: boolean }) =>
      (await import("../commands/retire.ts")).retire(env, name, options),
    );
