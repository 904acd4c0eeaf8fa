import type { ErrorEntry } from "./entry.ts";

/** GP5xx: how the command was used. */
export const use = {
  GP501: {
    title: "An option does not fit this target",
    meaning: "The option, or the verb, is for another target than that of the environment. Nothing was done.",
    causes: ["an option of target docker for an environment in a cluster or an account"],
    fix: ["Leave it out; `groundplan <verb> --help` says what each option is for."],
    exit: 2,
    since: "0.2.0",
  },
  GP502: {
    title: "Data would be deleted",
    meaning: "The profile of the environment guards its data, so it is deleted only by somebody who says so twice. Nothing was deleted.",
    causes: ["`groundplan down <environment> --volumes` in staging or prod"],
    fix: ["Without `--volumes` data is kept. To delete it: `groundplan down <environment> --volumes --yes`"],
    exit: 2,
    since: "0.2.0",
  },
  GP503: {
    title: "The folder or file cannot be written",
    meaning: "The output was named, and cannot go there: it is not writable, or holds files of somebody else, which stay as they are.",
    causes: ["a folder that something else made", "no rights to write there"],
    fix: ["Name another folder or file, or empty this one."],
    exit: 2,
    since: "0.2.0",
  },
  GP504: {
    title: "The command line is not understood",
    meaning: "There is no such verb, option or argument, or one is missing. Nothing was done.",
    causes: ["a misspelled word", "an option of another verb or of a newer version"],
    fix: ["See what there is: `groundplan --help`, `groundplan <verb> --help`"],
    exit: 2,
    since: "0.2.0",
  },
  GP510: {
    title: "The target does this by another command",
    meaning: "What was asked for is done on this target by a tool of its own. The message has the command with the right names.",
    causes: ["logs or a shell of a task on AWS"],
    fix: ["Run the command that the message names."],
    exit: 2,
    since: "0.2.0",
  },
  GP511: {
    title: "There is no such component or part",
    meaning: "The topology of this environment has no component, or the component no part, of that name. Nothing was done.",
    causes: ["a misspelled name", "a component of another environment"],
    fix: ["Choose one of those that the message lists; `groundplan status <environment>` has the parts."],
    exit: 3,
    since: "0.2.0",
  },
  GP512: {
    title: "The rendered folder is not there",
    meaning: "The folder that was named does not exist, or holds no `compose.yaml`, so there is nothing whose checks could run. Nothing was done.",
    causes: ["a misspelled path, or one that is meant from another folder", "a folder that was not rendered yet"],
    fix: ["Name the folder that was rendered, or write it: `groundplan render <environment> --output <folder>`"],
    exit: 2,
    since: "0.2.0",
  },
} as const satisfies Record<string, ErrorEntry>;
