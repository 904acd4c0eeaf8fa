import { Argument, type Command } from "commander";
import { type Shell, shells } from "../completion/scripts.ts";
import { examples } from "./options.ts";

export const completion = (program: Command) => {
  // What the script asks at each Tab: for shells, not for people.
  program
    .command("complete", { hidden: true })
    .description("answer a shell")
    .argument("[words...]")
    .action(async (words: string[]) => (await import("../commands/completion.ts")).complete(program, words));
  return program
    .command("completion")
    .helpGroup("Keep:")
    .description("print a script with which a shell completes verbs, options, environments and components")
    .addArgument(new Argument("<shell>", "which shell reads it").choices(shells))
    .addHelpText(
      "after",
      `\nThe shell asks the command itself at each Tab, so groundplan must be on PATH;
where it is a dependency of the project: PATH="$PWD/node_modules/.bin:$PATH".
Components are those of the last preview or up of the environment.\n${examples(
        ['eval "$(groundplan completion bash)"', "in ~/.bashrc"],
        ['eval "$(groundplan completion zsh)"', "in ~/.zshrc"],
        ["groundplan completion fish | source", "in config.fish"],
      )}`,
    )
    .action(async (shell: Shell) => (await import("../commands/completion.ts")).completion(shell));
};
