import { configuration } from "./errors/configuration.ts";
import type { ErrorEntry } from "./errors/entry.ts";
import { machine } from "./errors/machine.ts";
import { problems } from "./errors/problems.ts";
import { running } from "./errors/running.ts";
import { state } from "./errors/state.ts";
import { use } from "./errors/use.ts";

const unexpected = {
  GP000: {
    title: "Something unexpected went wrong",
    meaning: "The command did not foresee this: a mistake of groundplan, or of a component that somebody wrote for it.",
    causes: ["a case that nobody has met yet", "a component of your own whose spec does not fit together: the message says where"],
    fix: [
      "See the whole message, with where it came from: `GROUNDPLAN_DEBUG=1 groundplan <verb> <environment>`",
      "Report it with the command, the message and the versions of groundplan, Node and Docker.",
    ],
    exit: 2,
    since: "0.2.0",
  },
} as const satisfies Record<string, ErrorEntry>;

/** The catalogue in the order of its sections: what a section is about, and its rows. */
export const errorGroups = [
  { title: "Tools and machine", rows: machine },
  { title: "State and engine", rows: state },
  { title: "Configuration", rows: configuration },
  { title: "Problems of a plan", rows: problems },
  { title: "What runs", rows: running },
  { title: "Use of the command", rows: use },
  { title: "Everything else", rows: unexpected },
] as const;

/**
 * Every error that ends a command, and every kind of problem, by its stable code. A code never changes its meaning and is
 * never used again. A new one gets the next free number of its group, in its file below `errors/`.
 */
<<<<<<< HEAD
export const errors = { ...machine, ...state, ...configuration, ...problems, ...running, ...use, ...unexpected } as const;
=======
export const errors = {
  GP101: { title: "No Docker daemon answers" },
  GP102: { title: "The Docker endpoint cannot be resolved" },
  GP103: { title: "Docker Compose is missing or too old" },
  GP104: { title: "The Pulumi CLI is missing" },
  GP105: { title: "The version of the Pulumi CLI is not supported" },
  GP106: { title: "kubectl is missing" },
  GP107: { title: "The kubeconfig has no such context" },
  GP108: { title: "The cluster does not answer" },
  GP109: { title: "A command of kubectl failed" },
  GP201: { title: "The environment belongs to another engine" },
  GP202: { title: "It is not said where the state is, or what encrypts it" },
  GP203: { title: "The state could not be made" },
  GP204: { title: "Protected data would be left behind" },
  GP301: { title: "The plan or the settings have problems" },
  GP302: { title: "The files of the policies have problems" },
  GP303: { title: "There is no project" },
  GP304: { title: "The program could not be run" },
  GP401: { title: "Something did not become ready" },
  GP402: { title: "Something did not come down" },
  GP403: { title: "Nothing runs" },
  GP501: { title: "An option does not fit this target" },
  GP502: { title: "Data would be deleted" },
  GP503: { title: "The folder or file cannot be written" },
  GP510: { title: "The command line is not understood" },
  GP599: { title: "Something that the command did not expect" },
} as const;
>>>>>>> verbs

export type ErrorCode = keyof typeof errors;
/** Codes of what is wrong with a plan, its settings, or the place that it is for. */
export type ProblemCode = { [C in ErrorCode]: (typeof errors)[C]["exit"] extends 3 ? C : never }[ErrorCode];

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errors, text);
/** How it is asked for in a terminal. */
export const explainCommand = (code: ErrorCode) => `groundplan explain ${code}`;

export type { ErrorEntry } from "./errors/entry.ts";
