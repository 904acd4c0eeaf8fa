import { formatProblems, type Problem } from "../core/problems.ts";

/** What the command's exit code says. */
export const exitCodes = { done: 0, findings: 1, couldNotRun: 2, badConfiguration: 3 } as const;

/** Ends the command with a message for a person; never a stack trace. */
export class CommandError extends Error {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.name = "CommandError";
    this.code = code;
  }
}

export const couldNotRun = (message: string) => new CommandError(message, exitCodes.couldNotRun);

export const badConfiguration = (problems: readonly Problem[]) => new CommandError(formatProblems(problems), exitCodes.badConfiguration);

/** As for a plan, for the files of the policies. */
export const badFiles = (problems: readonly Problem[]) =>
  new CommandError(formatProblems(problems, "in the files of the policies; nothing was checked"), exitCodes.badConfiguration);
