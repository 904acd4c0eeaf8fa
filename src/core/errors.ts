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
      "Report it with the message and the bundle that `groundplan debug <environment>` writes, which holds no secret.",
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
export const errors = { ...machine, ...state, ...configuration, ...problems, ...running, ...use, ...unexpected } as const;

export type ErrorCode = keyof typeof errors;
/** Codes of what is wrong with a plan, its settings, or the place that it is for. */
export type ProblemCode = { [C in ErrorCode]: (typeof errors)[C]["exit"] extends 3 ? C : never }[ErrorCode];

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errors, text);
/** How it is asked for in a terminal. */
export const explainCommand = (code: ErrorCode) => `groundplan explain ${code}`;

export type { ErrorEntry } from "./errors/entry.ts";
