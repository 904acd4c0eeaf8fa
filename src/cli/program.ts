import { Command } from "commander";
import { verbs } from "./verbs/index.ts";

/** The command line as a whole: what is typed, not what it does. */
export function program(): Command {
  const groundplan = new Command("groundplan")
    .description("One typed plan, three grounds: preview, deploy and check a topology")
    .addHelpText("after", "\nExit codes: 0 done, 1 findings, 2 could not run, 3 bad configuration")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .showSuggestionAfterError();
  for (const verb of verbs) verb(groundplan);
  return groundplan;
}
