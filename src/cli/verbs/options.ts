import { Argument, Option } from "commander";
import { engines } from "../state.ts";

/** Options and arguments that several verbs take: the same name, the same words and the same default everywhere. */
export const environment = () => new Argument("[environment]", "environment: the middle of Pulumi.<environment>.yaml").default("dev");

/** For verbs that should not guess where they work. */
export const namedEnvironment = () => new Argument("<environment>", "environment: the middle of Pulumi.<environment>.yaml");

export const isolation = () =>
  new Option("--isolation <key>", "work on an isolated copy beside the first").argParser((key: string) => {
    process.env.GROUNDPLAN_ISOLATION = key;
    return key;
  });

export const engine = () =>
  new Option("--engine <engine>", "what deploys (default: the one it belongs to, else pulumi when it is installed, else compose)").choices(engines);

export const timings = () => new Option("--timings", "say what took how long, and which chain of waiting parts was the longest (target docker)");

export const json = (what: string) => new Option("--json", `${what} as JSON, for programs`);

/** The end of a verb's help: commands as they are typed, each with what it is for. */
export const examples = (...lines: readonly (readonly [command: string, why: string])[]): string => {
  const width = Math.max(...lines.map(([command]) => command.length));
  return ["\nExamples:", ...lines.map(([command, why]) => `  $ ${command.padEnd(width)}  # ${why}`)].join("\n");
};
