import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { program } from "../src/cli/program.ts";

/** A verb with the words that call it: `policy path`. */
export interface Verb {
  readonly name: string;
  readonly command: Command;
}

/** Every verb that people see, those below another one behind it. */
export function everyVerb(above: Command = program(), before: readonly string[] = []): Verb[] {
  const visible = above.createHelp().visibleCommands(above);
  return visible
    .filter((verb) => verb.name() !== "help")
    .flatMap((command) => {
      const words = [...before, command.name()];
      return [{ name: words.join(" "), command }, ...everyVerb(command, words)];
    });
}

/** The help of a verb as it is printed, on a terminal of this width. */
export function helpOf(command: Command, width = 80): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => width, getOutHasColors: () => false });
  command.outputHelp();
  return text;
}

/** Commands of the examples, with what each is for. */
export function examplesOf(command: Command): { readonly line: string; readonly why: string }[] {
  const lines = (helpOf(command).split("\nExamples:\n")[1] ?? "").split("\n").map((line) => line.trim());
  return lines.flatMap((line, index) => {
    if (!line.startsWith("$ ")) return [];
    const [, typed = "", why] = /^\$ (.*?)(?:\s{2,}# (.*))?$/.exec(line) ?? [];
    return [{ line: typed.trim(), why: why ?? (lines[index - 1] ?? "").replace(/^# /, "") }];
  });
}

const heading = `# The command

Generated from the program by \`npm run docs:command\`; do not edit.

\`groundplan <verb> --help\` prints the same for one verb. In a clone it is \`npm run groundplan -- <verb>\`, where the package is installed \`npx groundplan <verb>\`.

## What holds for all verbs

- **Exit codes**: 0 done, 1 findings (a check failed, a policy stops, \`doctor\` has a problem), 2 could not run, 3 bad configuration. Ctrl-C ends with 130.
- **\`--json\`** prints one JSON value to the standard output and nothing else; progress and warnings go to the error output. A verb that ends with an error prints \`{ "error": { "code", "message", "problems" } }\` in its place, \`problems\` where the message lists several: each has \`component\`, \`path\`, \`value\`, \`rule\` and \`fix\`. Fields may be added; none changes its meaning or goes without a line in the changelog.
- **Colours and control characters** are for terminals. \`NO_COLOR\` with any value takes colours away, \`FORCE_COLOR=1\` asks for them in a pipe; when both are set there are none.
- **\`GROUNDPLAN_DEBUG=1\`** adds where an error was thrown.
- **Secrets** are in no output of any verb, except where an option asks for them by name.
`;

/** What \`--json\` prints, by verb: the fields, in words. */
const jsonForms: Readonly<Record<string, string>> = {
  start: "As `up`; where nothing was started `started` is false and `missing` says what is not there.",
  up: "`started`, `stack`, `target`, `engine`, `endpoints` (each `component`, `url`, `user`, `credential` as the name of the password, and `way` where a command leads there), `passwords` (where they are found), `warnings`, and `changes` with engine pulumi.",
  preview:
    "The plan: `version`, `project`, `stack`, `resources`, `outputs`, `warnings`, `remember`, and the names of `credentials`. `groundplan graph --plan` reads it.",
  config:
    "`project`, `environment`, `stack`, `folder` and `settings`: each `section`, `path`, `value` (null when it is not set), `origin`, and `instead` where the environment wins over the stack file.",
  graph:
    "`version`, `project`, `stack`, `nodes` (each `id`, `type`, `name`, `kind`, `replicas`, `data`, `published`) and `edges` (each `from`, `to`, `type`, `names`, `port`, `protocol`).",
  doctor:
    "`environment`, `problems` and `warnings` as numbers, and `checks`: each `id`, `title`, `state` (`ok`, `warning`, `problem`, `not looked at`), `found`, and `fix`.",
  policy: "The report of docs/policies.md: `schema` says its version.",
  status:
    "`stack`, `target`, `engine`, `running`, `asPlanned`, `notCompared`, and `parts`: each `component`, `part`, `kind`, `state`, `ok`, `missing`, `ports`, `restarts`, `drift`, and `since` and `image` where they are known.",
  connections:
    "A list with an entry for each connection: its `component` and `name`, how it is reached inside and from this machine; passwords only with `--show-secrets`.",
  rotate:
    "`stack`, `target`, `engine`, `component`, `credentials` (names of those that change), `stays` (the reason by name), `effects` (each `component`, `part`, `what`, and `awaySeconds` where it is known), `done`, and after it was done `findings` as a number and `checks` (each `name`, `ok`, `said`; none on other targets than docker).",
  explain: "The entry of the code; without one all entries by code.",
  debug: "`file`, and `files` in it: each `path` and `bytes`.",
  verify:
    "`stack`, `target`, `findings` as a number, `checks` (each `name`, `ok`, `said`) and `paths` (each `from`, `to`, `port`, `connected`, `bound`, `ok`).",
  retire:
    "`stack`, `target`, `component`, `kind`, `engine`, `parts` (each `name`, `type`, `held`, and `stays` and `physical` where something is left of it), `bound`, `shared`, `stillHeld`, `declared`, `siblings`, and `policies` that would stop the gate (null when their files cannot be read).",
};

/** The text of docs/command.md. */
export const commandText = (): string => `${[heading, ...everyVerb().map(section)].join("\n")}`;

function section({ name, command }: Verb): string {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== "--help");
  const takes = help.visibleArguments(command);
  const examples = examplesOf(command).flatMap(({ line, why }) => [`# ${why}`, line]);
  return [
    `## groundplan ${name}`,
    "",
    sentence(command.description()),
    "",
    "```sh",
    help.commandUsage(command),
    "```",
    ...(takes.length > 0
      ? [
          "",
          ...table(
            "argument",
            takes.map((one) => [help.argumentTerm(one), help.argumentDescription(one)]),
          ),
        ]
      : []),
    ...(options.length > 0
      ? [
          "",
          ...table(
            "option",
            options.map((one) => [help.optionTerm(one), help.optionDescription(one)]),
          ),
        ]
      : []),
    ...(jsonForms[name] ? ["", `With \`--json\`: ${jsonForms[name]}`] : []),
    ...(examples.length > 0 ? ["", "```sh", ...examples, "```"] : []),
    "",
  ].join("\n");
}

const sentence = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}.`;

const table = (what: string, rows: readonly (readonly [string, string])[]) => [
  `| ${what} | |`,
  "| --- | --- |",
  ...rows.map(([term, meaning]) => `| \`${term}\` | ${meaning.replaceAll("|", "\\|").replaceAll("<", "&lt;")} |`),
];

if (import.meta.main) writeFileSync(join(import.meta.dirname, "command.md"), commandText());
