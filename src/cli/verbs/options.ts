import { Argument, Option } from "commander";
import { engines } from "../state.ts";

/** Options and arguments that several verbs take: the same name, the same words and the same default everywhere. */
export const environment = () => new Argument("[environment]", "environment: the middle of Pulumi.<environment>.yaml").default("dev");

/** For verbs on one component: it comes first, because it is what one types. */
export const component = () => new Argument("<component>", "its name in the topology");

/** Where the component is. An option, so that the words after the component are free for what the verb takes. */
export const ofEnvironment = () => new Option("-e, --env <environment>", "environment: the middle of Pulumi.<environment>.yaml").default("dev");

/** For verbs on one component that should not guess where they work. */
export const namedEnvironment = () =>
  new Option("-e, --env <environment>", "environment: the middle of Pulumi.<environment>.yaml (required)").makeOptionMandatory();

export const part = () => new Option("--part <part>", "one part of it: a workload, a replica or a job, as status names them");

export const isolation = () =>
  new Option("--isolation <key>", "work on an isolated copy beside the first").argParser((key: string) => {
    process.env.GROUNDPLAN_ISOLATION = key;
    return key;
  });

export const engine = () =>
  new Option("--engine <engine>", "what deploys (default: the one it belongs to, else pulumi when it is installed, else compose)").choices(engines);

export const timings = () => new Option("--timings", "say what took how long, and which chain of waiting parts was the longest (target docker)");

export const json = (what: string) => new Option("--json", `${what} as JSON, for programs`);

/** Widest line of a help text where the terminal does not say. */
const widest = 80;

/** The end of a verb's help: commands as they are typed, each with what it is for; above it where both do not fit into a line. */
export const examples = (...lines: readonly (readonly [command: string, why: string])[]): string => {
  const width = Math.max(...lines.map(([command]) => command.length));
  const beside = lines.map(([command, why]) => `  $ ${command.padEnd(width)}  # ${why}`);
  const fits = beside.every((line) => line.length <= widest);
  return ["\nExamples:", ...(fits ? beside : lines.flatMap(([command, why]) => [`  # ${why}`, `  $ ${command}`]))].join("\n");
};
