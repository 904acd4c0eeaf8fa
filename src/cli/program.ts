import { Command } from "commander";
import { verbs } from "./verbs/index.ts";
import { packageVersion } from "./version.ts";

/** The command line as a whole: what is typed, not what it does. */
export function program(): Command {
  const groundplan = new Command("groundplan")
    .description("One typed plan, three grounds: preview, deploy and check a topology")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 findings, 2 could not run, 3 bad configuration,\n130 interrupted; exec ends with the code of the command that it ran",
    )
    .version(packageVersion(), "--version", "print the version of groundplan")
    .helpCommand("help [verb]", "the same as groundplan <verb> --help")
    // Names alone: what a verb takes is in its own help, and this one fits a narrow terminal.
    .configureHelp({ subcommandTerm: (verb) => verb.name() })
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError("groundplan --help lists the verbs; groundplan <verb> --help has examples");
  for (const verb of verbs) verb(groundplan);
  return groundplan;
}
