import type { ErrorCode } from "../core/errors.ts";
import { formatProblems, type Problem } from "../core/problems.ts";

/** What the command's exit code says. */
export const exitCodes = { done: 0, findings: 1, couldNotRun: 2, badConfiguration: 3 } as const;

/** Ends the command with a message for a person; never a stack trace. */
export class CommandError extends Error {
  /** Its row in the catalogue of errors. */
  readonly code: ErrorCode;
  readonly exit: number;

  constructor(code: ErrorCode, message: string, exit: number) {
    super(message);
    this.name = "CommandError";
    this.code = code;
    this.exit = exit;
  }
}

export const couldNotRun = (code: ErrorCode, message: string) => new CommandError(code, message, exitCodes.couldNotRun);

export const badConfiguration = (problems: readonly Problem[]) => new CommandError("GP301", formatProblems(problems), exitCodes.badConfiguration);

/** As for a plan, for the files of the policies. */
export const badFiles = (problems: readonly Problem[]) =>
  new CommandError("GP302", formatProblems(problems, "in the files of the policies; nothing was checked"), exitCodes.badConfiguration);
