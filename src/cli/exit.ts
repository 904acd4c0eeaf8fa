import type { ErrorCode } from "../core/errors.ts";
import { formatProblems, type Problem } from "../core/problems.ts";

/** What the command's exit code says. */
export const exitCodes = { done: 0, findings: 1, couldNotRun: 2, badConfiguration: 3 } as const;

/** Ends the command with a message for a person; never a stack trace. */
export class CommandError extends Error {
  /** Its row in the catalogue of errors. */
  readonly code: ErrorCode;
  readonly exit: number;
  /** What the message lists, each by itself. */
  readonly problems: readonly Problem[] | undefined;

  constructor(code: ErrorCode, message: string, exit: number, problems?: readonly Problem[]) {
    super(message);
    this.name = "CommandError";
    this.code = code;
    this.exit = exit;
    this.problems = problems;
  }
}

export const couldNotRun = (code: ErrorCode, message: string) => new CommandError(code, message, exitCodes.couldNotRun);

export const badConfiguration = (problems: readonly Problem[]) =>
  new CommandError("GP301", formatProblems(problems), exitCodes.badConfiguration, problems);

/** As for a plan, for the files of the policies. */
export const badFiles = (problems: readonly Problem[]) =>
  new CommandError("GP302", formatProblems(problems, "in the files of the policies; nothing was checked"), exitCodes.badConfiguration, problems);
