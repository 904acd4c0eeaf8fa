import { type Command, InvalidArgumentError, Option } from "commander";
import type { LogsOptions } from "../commands/logs.ts";
import { sinceOf } from "../logs/lines.ts";
import { component, examples, isolation, ofEnvironment, part } from "./options.ts";

const since = () =>
  new Option("--since <time>", "only from then on: 10m, 1h30m, 2d, or a moment such as 2026-01-31T10:00:00Z").argParser((text: string) => {
    const moment = sinceOf(text, Date.now());
    if (moment === undefined) throw new InvalidArgumentError("Say how long ago (45s, 10m, 1h30m, 2d), or when (2026-01-31T10:00:00Z).");
    return moment;
  });

const tail = () =>
  new Option("--tail <lines>", "only the last lines of each container").argParser((text: string) => {
    if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A number of lines.");
    return Number(text);
  });

export const logs = (program: Command) =>
  program
    .command("logs")
    .helpGroup("Look:")
    .description("show what a component prints: all its containers in the order of time, secrets hidden")
    .addArgument(component())
    .addOption(ofEnvironment())
    .option("-f, --follow", "go on with new lines, through restarts and with new replicas, until Ctrl-C")
    .addOption(since())
    .addOption(tail())
    .addOption(part())
    .option("-t, --timestamps", "the time in front of each line")
    .addOption(isolation())
    .addHelpText(
      "after",
      examples(
        ["groundplan logs api -f --tail 20", "the last lines of api in dev, and those that come"],
        ["groundplan logs bus --part bus-1 --since 10m --env staging", "one replica"],
      ),
    )
    .action(async (name: string, options: LogsOptions) => (await import("../commands/logs.ts")).logs(name, options));
