import type { Command } from "commander";
import { examples, isolation, namedEnvironment } from "./options.ts";

export const retire = (program: Command) =>
  program
    .command("retire")
    .helpGroup("Keep:")
    .description("print the two steps that take a component out with its data; changes nothing and needs no network")
    .addArgument(namedEnvironment())
    .argument("<component>", "its name in the topology")
    .addOption(isolation())
    .addHelpText("after", examples(["groundplan retire prod db", "what is lost, what stays, and how"]))
    .action(async (env: string, component: string) => (await import("../commands/retire.ts")).retire(env, component));
