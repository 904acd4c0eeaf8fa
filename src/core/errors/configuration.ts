import type { ErrorEntry } from "./entry.ts";

/** GP30x: what is wrong as a whole, and what hinders the program. */
export const configuration = {
  GP301: {
    title: "The plan or the settings have problems of several kinds",
    meaning: "Everything that is wrong is listed at once: component, argument, value, rule, fix, and a code of its kind. Nothing was created.",
    causes: ["arguments in the topology, the stack file and the environment: the message says where each value was written"],
    fix: ["Go through the list; each code has a section of its own: `groundplan explain <code>`"],
    exit: 3,
    since: "0.2.0",
  },
  GP302: {
    title: "The files of the policies have problems",
    meaning: "Waivers or overrides cannot be read as they are written, so no policy was checked: half of them would be worse than none.",
    causes: ["a misspelled policy or stage", "a waiver without a reason or a day on which it ends"],
    fix: ["Correct the lines that the message names; `docs/policies.md` has the form."],
    exit: 3,
    since: "0.2.0",
  },
  GP303: {
    title: "There is no project",
    meaning: "The command looks for Pulumi.yaml in this folder and in those above it, and found none.",
    causes: ["the command runs outside of the project"],
    fix: ["Change to the folder of the project."],
    exit: 2,
    since: "0.2.0",
  },
  GP304: {
    title: "The program could not be run",
    meaning: "To find the plan the command runs the program that Pulumi.yaml names, and it ended with an error of its own. Nothing was created.",
    causes: ["an error in the code of the topology", "packages that are not installed", "`main` in Pulumi.yaml names no file"],
    fix: ["Install what is missing: `npm install`", "See the whole message: `GROUNDPLAN_DEBUG=1 groundplan preview <environment>`"],
    exit: 2,
    since: "0.2.0",
  },
} as const satisfies Record<string, ErrorEntry>;
